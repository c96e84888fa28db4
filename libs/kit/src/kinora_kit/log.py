"""Structured logs: events are dotted words, facts are fields: `log.info("video.completed", video_id=...)`."""

import logging
import sys

import structlog
from opentelemetry import trace


def _traced(_: object, __: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Lines within a span carry its trace's id, by which a trace's lines are found and a line's trace."""
    context = trace.get_current_span().get_span_context()
    return {**line, "trace_id": f"{context.trace_id:032x}"} if context.is_valid else line


_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    _traced,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def get(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger whose lines carry `logger_name`."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(logger_name=name)
    return logger


def setup(level: str = "info") -> None:
    """Lines on stderr, readable on a terminal, JSON elsewhere; fields bound in contextvars (method, account_id) are added.

    What libraries log through `logging` comes out the same way, from warnings up. Tracebacks show no values: they may be secret.
    """
    renderer = _renderer(terminal=sys.stderr.isatty())
    structlog.configure(
        processors=[*_SHARED, *renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    bare = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_SHARED, processors=[bare, *renderer]))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _renderer(*, terminal: bool) -> list[structlog.typing.Processor]:
    if terminal:
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    return [structlog.processors.ExceptionRenderer(tracebacks), structlog.processors.JSONRenderer()]
