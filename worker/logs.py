"""What the log looks like: JSON lines in service, readable ones on a terminal; never a local variable or a body."""

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor

from worker.printable import printable

QUIET = (
    "urllib3",
    "requests",
    "requests_oauthlib",
    "pysnow",
    "apscheduler",
    "alembic",
    "mail.log",
    "asyncio",
    "procrastinate",
    "psycopg",
)
"""Libraries whose debug output names addresses and paths, some of which open things: only their warnings pass."""


def set_up(stream: TextIO = sys.stderr, *, debug: bool = False) -> None:
    """Log to `stream` from now on; `debug` adds the worker's own details, never those of libraries."""
    level = logging.DEBUG if debug else logging.INFO
    structlog.configure(
        processors=[*_COMMON, *_rendering(stream)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(stream=stream, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _rendering(stream: TextIO) -> list[Processor]:
    if stream.isatty():
        return [_printable, structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]


def _printable(_logger: object, _name: str, event: EventDict) -> EventDict:
    """JSON writes out by itself what a terminal would take for orders."""
    return {name: printable(value) if isinstance(value, str) else value for name, value in event.items()}


_COMMON: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
