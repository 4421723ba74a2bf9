"""Encoded queries that say exactly what was meant, or aren't made.

A `^` inside a value adds conditions, a leading `javascript:` runs on the server, a comma splits a list, and parts that
aren't understood are ignored (ServiceNow facts §3.3): so a value that a query can't carry is refused, never escaped.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from connectors.servicenow import stamps

MAX_LENGTH: Final = 255
MAX_IDS: Final = 200  # of one list; 250 make a URL that is too long (ServiceNow facts §3.7)

_FIELD: Final = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)*", re.ASCII)
_SYS_ID: Final = re.compile(r"[0-9A-Za-z_-][0-9A-Za-z_.-]{0,31}", re.ASCII)
_NUMBER: Final = re.compile(r"[A-Z]{2,12}[0-9]{1,18}", re.ASCII)
_READ_AS_QUERY: Final = re.compile(r"[=!<>]|javascript:|null\Z|.*\^", re.IGNORECASE | re.ASCII)


class UnfitForQuery(ValueError):
    """A name or value that an encoded query can't carry unchanged. The text is not repeated."""


@dataclass(frozen=True)
class Query:
    """Conditions that must all hold, in the order in which they were added, and the order of the rows.

    Every method gives a new query. All raise `UnfitForQuery`.
    """

    terms: tuple[str, ...] = ()
    order: str = ""

    def __str__(self) -> str:
        """The text of `sysparm_query`."""
        return "^".join((*self.terms, self.order) if self.order else self.terms)

    def equals(self, field: str, *values: str) -> "Query":
        """Rows whose field is one of `values`, each of which may hold commas."""
        return self._and("^OR".join(f"{field_name(field)}={_value(value)}" for value in values))

    def one_of(self, field: str, values: Iterable[str]) -> "Query":
        """Rows whose field is one of up to 200 `values`, none of which may hold a comma."""
        listed = [_value(value) for value in values]
        if not 0 < len(listed) <= MAX_IDS or any("," in value for value in listed):
            raise UnfitForQuery(f"a list holds 1 to {MAX_IDS} values without commas")
        return self._and(f"{field_name(field)}IN{','.join(listed)}")

    def at_least(self, moment: datetime, *fields: str) -> "Query":
        """Rows any of whose `fields` is `moment` (aware) or later; fractions of a second don't count."""
        if moment.tzinfo is None:
            raise UnfitForQuery("a time without a zone")
        stamp = stamps.text(moment)
        return self._and("^OR".join(f"{field_name(field)}>={stamp}" for field in fields))

    def greater(self, field: str, value: str) -> "Query":
        """Rows whose field sorts after `value`."""
        return self._and(f"{field_name(field)}>{_value(value)}")

    def is_the_caller(self, field: str) -> "Query":
        """Rows whose field is the sys_id of the account that asks; the server fills it in."""
        return self._and(f"{field_name(field)}=javascript:gs.getUserID()")

    def ordered_by(self, field: str) -> "Query":
        """Smallest first."""
        return replace(self, order=f"ORDERBY{field_name(field)}")

    def newest_first(self, field: str) -> "Query":
        """Largest first."""
        return replace(self, order=f"ORDERBYDESC{field_name(field)}")

    def _and(self, term: str) -> "Query":
        if not term:
            raise UnfitForQuery("a condition needs a value")
        return replace(self, terms=(*self.terms, term))


def sys_id(text: str) -> str:
    """`text`, if it can be a record's sys_id (not always 32 hexadecimal digits) and be put into a path."""
    if not _SYS_ID.fullmatch(text):
        raise UnfitForQuery("not a sys_id")
    return text


def number(text: str) -> str:
    """`text` in upper case, if it can be a task's number: letters, then digits."""
    if not _NUMBER.fullmatch(text.strip().upper()):
        raise UnfitForQuery("not a number of a ticket")
    return text.strip().upper()


def field_name(text: str) -> str:
    """`text`, if it can be a field's name, dot-walked or not."""
    if not _FIELD.fullmatch(text):
        raise UnfitForQuery("not a field's name")
    return text


def _value(text: str) -> str:
    if not 0 < len(text) <= MAX_LENGTH or text != text.strip() or not text.isprintable():
        raise UnfitForQuery("a value is 1 to 255 printable characters without space around them")
    if _READ_AS_QUERY.match(text):
        raise UnfitForQuery("a value that would be read as part of the query")
    return text
