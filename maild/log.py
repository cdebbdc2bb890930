"""Structured logs without personal data: what happened, to which entry or ticket, why. Never an address, subject or text."""

from __future__ import annotations

import logging
import sys
from typing import Literal

import structlog

Logger = structlog.stdlib.BoundLogger


def set_up(level: str, form: Literal["text", "json"]) -> None:
    """Sends structlog's lines to stderr. Libraries may only warn: aiosmtpd would log every address."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    renderer = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"], drop_missing=True)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def logger(part: str) -> Logger:
    """A logger that names the part of maild it speaks for."""
    bound: Logger = structlog.get_logger(part=part)
    return bound
