"""Harmless questions for `check`: whether everything that the worker needs is there, and what to do where it isn't."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Final

from connectors.errors import ConnectorError
from connectors.servicenow import directory
from connectors.servicenow.query import Query
from connectors.servicenow.table import Page, Row, page
from worker.tickets.servicenow.heeded import heeds_dot_walk
from worker.tickets.servicenow.parsing import journal_records, state
from worker.tickets.servicenow.source import Source
from worker.tickets.system import Probe

SKEW: Final = timedelta(seconds=30)
LOOKED_AT: Final = 50  # newest tickets
ZONES: Final = ("GMT", "UTC", "Etc/UTC", "Etc/GMT")

Outcome = tuple[bool, str]


def probes(source: Source, clock: Callable[[], datetime]) -> Iterator[Probe]:
    """Asks one question after the other, about a dozen calls in all; a connector's error is an outcome too."""
    questions = _Questions(source, clock)
    for name, ask in questions.listed():
        try:
            ok, sentence = ask()
        except ConnectorError as error:
            ok, sentence = False, error.detail
        yield Probe(name, ok, sentence)


class _Questions:
    """The questions; what one call brought serves those after it."""

    def __init__(self, source: Source, clock: Callable[[], datetime]) -> None:
        self._source = source
        self._clock = clock

    def listed(self) -> tuple[tuple[str, Callable[[], Outcome]], ...]:
        """All of them, in the order in which an operator would mend things."""
        return (
            ("account", self._account_known),
            ("time zone", self._time_zone),
            ("clock", self._clocks_agree),
            ("tickets", self._tickets),
            ("variables", self._variables),
            ("requests", lambda: self._shown("request.number", "numbers of requests (sc_request)")),
            ("persons", lambda: self._shown(f"{self._item}requested_for.user_name", "user names (sys_user)")),
            ("work notes", self._work_notes),
            ("approvals", self._approvals),
            ("groups", self._hold_group),
            ("states", self._states),
            ("passphrase field", self._passphrase_field),
            ("conditions", self._conditions),
            ("batches", self._batches),
        )

    @cached_property
    def _account(self) -> directory.Account:
        return directory.account(self._source.instance, self._source.settings.username)

    @cached_property
    def _newest(self) -> Page:
        """The newest tickets of ours, with all that a ticket is made of."""
        settings, where = self._source.settings, self._source.layout
        fields = (*where.fields(settings), *filter(None, [settings.passphrase_field]))
        query = self._source.ours().newest_first("sys_created_on")
        return page(self._source.instance, where.table, query, fields, limit=LOOKED_AT)

    @property
    def _rows(self) -> tuple[Row, ...]:
        return tuple(row for row in self._newest.rows if self._source.is_ours(row))

    @property
    def _item(self) -> str:
        return self._source.layout.item

    def _account_known(self) -> Outcome:
        real = directory.account(self._source.instance)
        if real.user_name.casefold() != self._account.user_name.casefold():
            return False, f"calls run as {real.user_name}, but [servicenow] username is {self._account.user_name}"
        return True, f"calls run as {real.user_name}"

    def _time_zone(self) -> Outcome:
        zone = self._account.time_zone or "the instance's own"
        return zone in ZONES, f"the account's time zone is {zone}; it should be GMT"

    def _clocks_agree(self) -> Outcome:
        before = self._clock()
        told = page(self._source.instance, "sys_user", Query().is_the_caller("sys_id"), ("sys_id",), limit=1).date
        try:
            there = parsedate_to_datetime(told)
        except ValueError:
            return False, "the instance doesn't tell its time"
        skew = max(before - there, there - self._clock(), timedelta())
        return skew <= SKEW, f"the instance's clock is {skew.total_seconds():.0f} s off ours; {SKEW.seconds} s are well"

    def _tickets(self) -> Outcome:
        table, got = self._source.layout.table, self._newest
        foreign = len(got.rows) - len(self._rows)
        if foreign:
            return False, f"{table}: {foreign} of {len(got.rows)} rows weren't asked for; see conditions"
        if got.total and not got.rows:
            return False, f"the account may not read {table}"
        missing = sorted({name for row in got.rows for name in self._source.layout.unreadable(row)})
        if missing:
            return False, f"the account may not read {', '.join(missing)} of {table}"
        return bool(got.rows), f"{table}: {got.total or len(got.rows)} tickets of the catalogue items"

    def _variables(self) -> Outcome:
        names = self._source.settings.variables.named()
        resets = self._source.settings.reset_items
        rows = [row for row in self._rows if row.get(f"{self._item}cat_item") not in resets]
        missing = [name for name in names if any(f"{self._item}variables.{name}" not in row for row in rows)]
        if missing:
            return False, f"not shown on every ticket: {', '.join(missing)}; check [servicenow.variables] and the roles"
        return bool(rows), f"the answers {', '.join(names)} are shown on {len(rows)} tickets"

    def _shown(self, field: str, what: str) -> Outcome:
        shown = sum(bool(row.get(field)) for row in self._rows)
        return shown == len(self._rows) > 0, f"{what} are shown on {shown} of {len(self._rows)} tickets"

    def _work_notes(self) -> Outcome:
        records = {record for row in self._rows for record in journal_records(row, self._source.layout)}
        return self._beside("sys_journal_field", "element_id", records, Query().equals("element", "work_notes"))

    def _approvals(self) -> Outcome:
        records = {row.get(self._source.layout.item_reference, "") for row in self._rows} - {""}
        return self._beside("sysapproval_approver", "sysapproval", records, Query())

    def _beside(self, table: str, reference: str, records: set[str], query: Query) -> Outcome:
        """Whether what stands beside the tickets is shown, where there is any."""
        if not records:
            return False, f"{table}: no ticket to look beside"
        asked = query.one_of(reference, sorted(records))
        got = page(self._source.instance, table, asked, ("sys_id", reference), limit=LOOKED_AT)
        if got.total and not got.rows:
            return False, f"the account may not read {table}: {got.total} rows, none shown"
        if any(row.get(reference) not in records for row in got.rows):
            return False, f"{table}: the condition on {reference} isn't heeded"
        return True, f"{table}: {len(got.rows)} rows beside the newest tickets"

    def _hold_group(self) -> Outcome:
        name = self._source.settings.hold_group
        directory.members(self._source.instance, [name])
        return True, f"{name} is an active group"

    def _states(self) -> Outcome:
        states = self._source.settings.states
        readable = [row for row in self._rows if "state" in row and "active" in row]
        strange = sorted({row["state"] for row in readable if state(row, self._source.layout, states) == "other"})
        if strange:
            return False, f"open tickets in state {', '.join(strange)}, which [servicenow.states] doesn't name"
        return True, f"the states of {len(readable)} tickets are those of [servicenow.states]"

    def _passphrase_field(self) -> Outcome:
        name = self._source.settings.passphrase_field
        if not name:
            return True, "none is set up"
        shown = bool(self._rows) and all(name in row for row in self._rows)
        return shown, f"{name} is {'' if shown else 'not '}shown on {self._source.layout.table}"

    def _conditions(self) -> Outcome:
        heeded = heeds_dot_walk(self._source)
        if heeded is None:
            return False, "no row yet to show that dot-walked conditions are heeded"
        if heeded:
            return True, "dot-walked conditions are heeded"
        return self._source.settings.plain_queries, "dot-walked conditions aren't heeded; plain queries are the way"

    def _batches(self) -> Outcome:
        batch = self._source.instance.batch
        if batch is None:
            return True, "none are set up"
        batch.ask()
        return True, "the Batch API answers"
