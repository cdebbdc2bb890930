"""Structured logs without personal data: what happened, to which entry or ticket, why. Never an address, subject or text."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import Literal

import structlog

from maild.errors import MaildError

Logger = structlog.stdlib.BoundLogger


class _WithoutWords(logging.Formatter):
    """What a library logs: its template without the values, and an exception's type and place without its message."""

    def format(self, record: logging.LogRecord) -> str:
        said = (
            f"{record.name}: {record.msg}"
            if isinstance(record.msg, str) and record.args
            else f"{record.name}: a library's message"
        )
        return f"{said} ({reason_of(record.exc_info[1])})" if record.exc_info and record.exc_info[1] else said


def silence_libraries() -> None:
    """Libraries may only warn, and quote nothing: aiosmtpd would log every address, and a traceback may end with a mail."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_WithoutWords())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # the doorkeeper is told of every exception, and logs it
    logging.getLogger("aioimaplib").setLevel(logging.CRITICAL)  # it would log whole mails; what goes wrong is told by intake/imap
    sys.excepthook = _last_words
    threading.excepthook = lambda about: _last_words(about.exc_type, about.exc_value, about.exc_traceback)


def _last_words(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    print(f"maild: {kind.__name__}, at", *(line.strip() for line in traceback.format_tb(trace)), sep="\n  ", file=sys.stderr)


def set_up(level: str, form: Literal["text", "json"]) -> None:
    """Sends structlog's lines to stderr."""
    silence_libraries()
    renderer = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"], drop_missing=True)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def reason_of(error: BaseException) -> str:
    """An error as a log may tell it: our own say what they are, foreign ones only their type and place, for they may quote a mail."""
    if isinstance(error, MaildError):
        return str(error)
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else ""
    return f"{type(error).__name__}{where}"


def logger(part: str) -> Logger:
    """A logger that names the part of maild it speaks for."""
    bound: Logger = structlog.get_logger(part=part)
    return bound
