"""The certificates that our servers show. A reload reads them again: they are renewed every few weeks."""

from __future__ import annotations

import ssl

from maild.config import Config, Listener
from maild.errors import BadConfiguration, Problem


def server_tls(config: Config, listener: Listener) -> ssl.SSLContext | None:
    """What STARTTLS needs, or None where there is no certificate. Raises BadConfiguration."""
    if not listener.tls_certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    _load(context, config, listener)
    return context


def renew_tls(config: Config, listener: Listener, context: ssl.SSLContext | None) -> None:
    """New sessions get the certificate that lies there now, if it fits its key. Raises BadConfiguration."""
    if context is not None and server_tls(config, listener) is not None:  # proven apart, before anything changes
        _load(context, config, listener)


def _load(context: ssl.SSLContext, config: Config, listener: Listener) -> None:
    try:
        context.load_cert_chain(config.path(listener.tls_certificate), config.path(listener.tls_key or listener.tls_certificate))
    except (OSError, ssl.SSLError) as error:
        raise BadConfiguration([Problem(listener.tls_certificate, str(error), "mend tls_certificate and tls_key")]) from error
