"""The tables in force: loaded at start, read anew when a file's content changed; the old ones stay if the new fail."""

import threading
from collections.abc import Collection
from pathlib import Path

import structlog

from rules.rows import Guards, Table
from rules.table import TableError, load_enrollment, load_follow_up, load_guards, load_ladder, load_table

log = structlog.get_logger()


class RuleTables:
    """`guards` is always the shipped one. `problem` says why a changed table isn't used. Safe to share."""

    def __init__(
        self, enrollment_file: Path | None, follow_up_file: Path | None, *, guards_off: Collection[str]
    ) -> None:
        """Raises `TableError` if a table can't be used."""
        self._files = (enrollment_file, follow_up_file)
        self._lock = threading.Lock()
        self.guards: Guards = load_guards(guards_off)
        self._texts = self._read()
        self.enrollment, self.follow_up = self._load()
        self.problem = ""

    def reload(self) -> None:
        """Take a changed file in; keep what is in force where it can't be used, and say so."""
        with self._lock:
            try:
                texts = self._read()
                if texts == self._texts:
                    return
                self._texts = texts
                self.enrollment, self.follow_up = self._load()
            except TableError as refused:
                self.problem = str(refused)
                log.error("table_refused", why=self.problem)
                return
            self.problem = ""
        log.info("table_reloaded", version=self.enrollment.digest)

    def _read(self) -> tuple[str, ...]:
        return tuple(text_of(file) if file else "" for file in self._files)

    def _load(self) -> tuple[Table, Table]:
        (enrollment, follow_up), (text, ladder) = self._files, self._texts
        return (
            load_table(text, str(enrollment), self.guards) if enrollment else load_enrollment(),
            load_ladder(ladder, str(follow_up)) if follow_up else load_follow_up(),
        )


def text_of(file: Path) -> str:
    """What a table's file holds.

    Raises:
        TableError: It can't be read.
    """
    try:
        return file.read_text(encoding="utf-8")
    except OSError as unreadable:
        raise TableError(str(file), f"can't be read ({unreadable.strerror})") from unreadable
    except UnicodeDecodeError as other:
        raise TableError(str(file), "isn't text in UTF-8") from other
