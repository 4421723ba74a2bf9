"""Tickets: searches that miss none in silence, one whole ticket, and a patch (TeamDynamix facts §3.1–3.3)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from connectors.errors import Uncertain
from connectors.teamdynamix.failures import SYSTEM, Absent
from connectors.teamdynamix.fields import Garbled, Values, at, moment, number, objects, text, uid, utc
from connectors.teamdynamix.session import Tenant

NARROWEST: Final = timedelta(seconds=1)
CLOSED: Final = (3, 4)  # StatusClass Completed, Cancelled


@dataclass(frozen=True)
class Row:
    """A ticket as a search shows it: without answers and description."""

    app: int
    id: int
    form: int
    status: int
    status_class: int
    modified: datetime


@dataclass(frozen=True)
class Attribute:
    """An answer of the form: `value` as kept (a choice's id, a UID, text), `choice` a choice's label."""

    value: str
    choice: str


@dataclass(frozen=True)
class Details:
    """A whole ticket. UIDs are empty where there is nobody."""

    row: Row
    requestor: str
    created_by: str
    created: datetime
    modified_by: str
    responsible: str
    group: int
    goes_off_hold: datetime | None
    attributes: Mapping[int, Attribute]
    notify: tuple[str, ...]  # addresses told of comments

    @property
    def is_as_filed(self) -> bool:
        """Whether nothing was changed or said since it was filed."""
        return self.modified_by == self.created_by and self.row.modified == self.created


@dataclass
class Rows:
    """What a search brought. `foreign` rows came without being asked for and aren't among `fit`.

    Not `whole`: so many were foreign that reading was given up. `garbled`: why a ticket, by application and id, can't
    be read.
    """

    fit: list[Row] = field(default_factory=list)
    foreign: int = 0
    garbled: dict[tuple[int, int], str] = field(default_factory=dict)
    whole: bool = True


def search(
    tenant: Tenant,
    app: int,
    asked: Mapping[str, Any],
    *,
    since: datetime,
    until: datetime,
    limit: int,
    fits: Callable[[Row], bool],
) -> Rows:
    """All tickets of `app` for which `asked` holds and that were modified from `since` on, each once.

    An answer as long as `limit` is cut in silence: the span is halved until none is; `until` only says where to cut,
    the last part is open. Every row is compared with what was asked for. Given up once more rows than a page are
    foreign: then the filters are ignored.
    """
    found: dict[int, Row] = {}
    rows = Rows()
    spans: list[tuple[datetime, datetime | None]] = [(since, None)]
    while spans and rows.whole:
        begin, end = spans.pop()
        wide = (end or until) - begin > NARROWEST
        got, cut = _page(tenant, app, {**asked, **_window(begin, end)}, limit if wide else 0)
        if cut:
            middle = begin + ((end or until) - begin) / 2
            spans += [(begin, middle), (middle, end)]
        for values in got:
            row = _readable(values, app, rows)
            if row is None:
                continue
            if row.app == app and row.modified >= since - NARROWEST and fits(row):
                found[row.id] = row
            else:
                rows.foreign += 1
        rows.whole = rows.foreign <= limit
    rows.fit = sorted(found.values(), key=lambda row: row.id)
    return rows


def read(tenant: Tenant, app: int, ticket_id: int) -> Details | None:
    """One ticket; None where it isn't there or isn't shown. Some gateways answer a list of one."""
    try:
        found = tenant.get(f"{app}/tickets/{ticket_id}")
    except Absent:
        return None
    values = objects(found if isinstance(found, list) else [found])
    details = _details(values[0]) if len(values) == 1 else None
    return details if details and (details.row.app, details.row.id) == (app, ticket_id) else None


def patch(tenant: Tenant, app: int, ticket_id: int, changes: Mapping[str, object]) -> Details:
    """Set single fields, by path ("/ResponsibleUid"); nothing else changes. May be repeated.

    Raises `Uncertain` where the answer isn't the ticket. Nobody is mailed about a new assignment.
    """
    operations = [{"op": "add", "path": path, "value": value} for path, value in changes.items()]
    answer = tenant.write("PATCH", f"{app}/tickets/{ticket_id}?notifyNewResponsible=false", operations)
    values = objects(answer if isinstance(answer, list) else [answer])
    if len(values) != 1 or number(values[0], "ID") != ticket_id:
        raise Uncertain(SYSTEM, "the answer isn't the ticket that was written")
    try:
        return _details(values[0])
    except Garbled as garbled:
        raise Uncertain(SYSTEM, f"the answer to a write can't be read: {garbled.detail}") from garbled


def _page(tenant: Tenant, app: int, asked: Mapping[str, Any], limit: int) -> tuple[Sequence[Values], bool]:
    """The rows of one search, and whether it may have been cut. A limit of 0 asks for all."""
    answered = tenant.search(f"{app}/tickets/search", {**asked, "MaxResults": limit})
    return objects(answered), bool(limit) and len(answered) >= limit


def _window(begin: datetime, end: datetime | None) -> dict[str, str]:
    """What was modified in between; without an end, until ever."""
    to = {} if end is None else {"ModifiedDateTo": utc(end + timedelta(milliseconds=1))}
    return {"ModifiedDateFrom": utc(begin), **to}


def _readable(values: Values, app: int, rows: Rows) -> Row | None:
    """A row; one of `app` that can't be read is noted in `rows` instead."""
    try:
        return _row(values)
    except Garbled as garbled:
        if number(values, "AppID") == app:
            rows.garbled[app, number(values, "ID")] = garbled.detail
        else:
            rows.foreign += 1
        return None


def _row(values: Values) -> Row:
    return Row(
        app=number(values, "AppID"),
        id=number(values, "ID"),
        form=number(values, "FormID"),
        status=number(values, "StatusID"),
        status_class=number(values, "StatusClass"),
        modified=at(values, "ModifiedDate"),
    )


def _details(values: Values) -> Details:
    attributes = {
        number(each, "ID"): Attribute(text(each, "Value"), text(each, "ChoicesText"))
        for each in objects(values.get("Attributes"))
    }
    return Details(
        row=_row(values),
        requestor=uid(values, "RequestorUid"),
        created_by=uid(values, "CreatedUid"),
        created=at(values, "CreatedDate"),
        modified_by=uid(values, "ModifiedUid"),
        responsible=uid(values, "ResponsibleUid"),
        group=number(values, "ResponsibleGroupID"),
        goes_off_hold=moment(values, "GoesOffHoldDate"),
        attributes=attributes,
        notify=tuple(address for each in objects(values.get("Notify")) if (address := text(each, "Value"))),
    )
