"""One write to one record, as it is sent by itself and as an item of a batch."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from connectors.secret import Secret
from connectors.servicenow.query import field_name, sys_id

JSON: Final = {"Accept": "application/json", "Content-Type": "application/json"}


@dataclass(frozen=True)
class Outgoing:
    """A request: `path` begins at the host and has its query with it; the body is JSON."""

    method: str
    path: str
    body: Secret


@dataclass(frozen=True)
class Write:
    """A PATCH of `record` in `table`, whose answer holds the fields `shown`; the body may hold a passphrase."""

    table: str
    record: str
    shown: tuple[str, ...]
    body: Secret

    @property
    def size(self) -> int:
        """Bytes of the body."""
        return len(self.body.reveal())

    @property
    def alone(self) -> Outgoing:
        """As a call of its own. Its path is made of checked names only."""
        shown = {"sysparm_fields": ",".join(self.shown), "sysparm_exclude_reference_link": "true"}
        return Outgoing("PATCH", f"/api/now/table/{self.table}/{self.record}?{urlencode(shown, safe=',')}", self.body)


def write_of(table: str, record: str, fields: Mapping[str, str], answer_fields: Iterable[str]) -> Write:
    """The write of `fields`, answered with them and `answer_fields`. Raises `UnfitForQuery` for a name that is none."""
    shown = sorted({"sys_id", *map(field_name, fields), *map(field_name, answer_fields)})
    return Write(field_name(table), sys_id(record), tuple(shown), Secret(json.dumps(dict(fields))))
