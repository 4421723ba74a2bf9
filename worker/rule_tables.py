"""The tables in force: loaded at start, read anew when a file's content changed; the old ones stay if the new fail."""

import threading
from collections.abc import Collection
from pathlib import Path

import structlog

from rules.rows import Guards, Table
from rules.table import TableError, load_enrollment, load_guards, load_table

log = structlog.get_logger()


class RuleTables:
    """`guards` is always the shipped one. `problem` says why a changed table isn't used. Safe to share."""

    def __init__(self, enrollment_file: Path | None, *, guards_off: Collection[str]) -> None:
        """Raises `TableError` if a table can't be used."""
        self._file = enrollment_file
        self._lock = threading.Lock()
        self.guards: Guards = load_guards(guards_off)
        self._text = self._read()
        self.enrollment: Table = self._load()
        self.problem = ""

    def reload(self) -> None:
        """Take a changed file in; keep what is in force where it can't be used, and say so."""
        with self._lock:
            try:
                text = self._read()
                if text == self._text:
                    return
                self._text = text
                self.enrollment = self._load()
            except TableError as refused:
                self.problem = str(refused)
                log.error("table_refused", why=self.problem)
                return
            self.problem = ""
        log.info("table_reloaded", version=self.enrollment.digest)

    def _read(self) -> str:
        if self._file is None:
            return ""
        try:
            return self._file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as unreadable:
            raise TableError(str(self._file), f"can't be read: {unreadable}") from unreadable

    def _load(self) -> Table:
        if self._file is None:
            return load_enrollment()
        return load_table(self._text, str(self._file), self.guards)
