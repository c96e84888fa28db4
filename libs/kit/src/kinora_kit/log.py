"""Structured logs: events are dotted words, facts are fields: `log.info("video.completed", video_id=...)`."""

import logging
import sys
from typing import TextIO

import structlog

# Without local variables: they hold people's prompts and secrets.
_TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


def get(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger whose lines carry `logger_name`."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(logger_name=name)
    return logger


def setup(level: str = "info", out: TextIO | None = None) -> None:
    """Readable lines on a terminal, JSON lines elsewhere; fields bound in contextvars (rpc, account) are added."""
    stream = out or sys.stderr
    look = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if stream.isatty()
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([] if stream.isatty() else [_TRACEBACKS]),
            look,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
