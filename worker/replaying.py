"""What another enrollment table would have decided otherwise, asked of the facts kept with past requests.

Nothing is written and nobody is called. The guards are those in force now, with what is switched off now.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from rules.decide import decide
from rules.decision import Decision
from rules.facts import OPTIONS, Facts, Own, without
from rules.rows import IDENTITY_CHECK, RULE_FAILED, Guards, Table
from rules.table import TableError, load_ladder, load_table
from worker.deciding import FACTS
from worker.ledger import past, views
from worker.ledger.database import Ledger
from worker.ledger.rows import Request, StepRow
from worker.ledger.seal import Keys, UnusableKey
from worker.rule_tables import RuleTables, text_of


class Unreplayable(StrEnum):
    """Why a decided request can't be asked about again."""

    KEY_IS_GONE = "their facts were sealed with a key that the key file no longer holds"
    OLDER_SHAPE = "their facts are of another version of the program"


@dataclass(frozen=True)
class Otherwise:
    """One request that the table decides otherwise. `was` and `would_be` are an outcome and what follows it.

    `was_row` is empty where the ledger keeps a later row than the deciding one. `alike_in_force`: the tables in force
    decide as the table does, so that the difference isn't its doing.
    """

    ticket: str
    decided_at: datetime
    was: str
    was_row: str
    would_be: str
    row: str
    because: str
    alike_in_force: bool


@dataclass(frozen=True)
class Replay:
    """`unreplayable` has the tickets that couldn't be asked about, by reason."""

    file: str
    version: str
    since: datetime
    replayed: int
    otherwise: tuple[Otherwise, ...]
    unreplayable: dict[Unreplayable, tuple[str, ...]]


def table_of(file: Path, guards: Guards) -> Table:
    """The enrollment table in `file`.

    Raises:
        TableError: It can't be read, anything is wrong with it, or it is a ladder.
    """
    text = text_of(file)
    try:
        return load_table(text, str(file), guards)
    except TableError as refused:
        if not _is_ladder(text):
            raise
        only = "is a ladder, as follow_up.toml is; only an enrollment table can be replayed"
        raise TableError(str(file), only) from refused


def replay(ledger: Ledger, tables: RuleTables, table: Table, since: datetime) -> Replay:
    """Ask `table` about every request that was last decided since then, and compare with what was decided."""
    otherwise: list[Otherwise] = []
    unreplayable: dict[Unreplayable, list[str]] = {}
    past_ones, rows = _past(ledger, since), _deciding_rows(tables)
    for request, journal in past_ones:
        facts = _facts(request, ledger.keys, journal)
        if isinstance(facts, Unreplayable):
            unreplayable.setdefault(facts, []).append(request.number)
        elif (found := _otherwise(request, facts, tables, table, rows)) is not None and not (
            journal and found.alike_in_force
        ):
            otherwise.append(found)  # what the ladder chose instead is no doing of either table
    return Replay(
        file=table.file,
        version=table.digest,
        since=since,
        replayed=len(past_ones) - sum(map(len, unreplayable.values())),
        otherwise=tuple(otherwise),
        unreplayable={why: tuple(numbers) for why, numbers in unreplayable.items()},
    )


def _is_ladder(text: str) -> bool:
    try:
        load_ladder(text, "")
    except TableError:
        return False
    return True


def _past(ledger: Ledger, since: datetime) -> list[tuple[Request, Sequence[StepRow]]]:
    """Decided requests, with their steps where what was decided last is what the ladder gave again."""
    with ledger.reading() as connection:
        again = past.given_again(connection)
        return [
            (one, views.story(connection, one)[0] if _is_after(again.get(one.id), one.decided_at) else ())
            for one in past.decided_since(connection, since)
        ]


def _is_after(at: datetime | None, decided_at: datetime | None) -> bool:
    return at is not None and decided_at is not None and at >= decided_at


def _facts(request: Request, keys: Keys, journal: Sequence[StepRow]) -> Facts | Unreplayable:
    """The facts as they were decided on: what the rounds before did is no reason in a later one."""
    try:
        text = keys.open(request.facts or b"")
    except UnusableKey:
        return Unreplayable.KEY_IS_GONE
    try:
        facts = FACTS.validate_json(text)
    except ValueError:
        return Unreplayable.OLDER_SHAPE
    if json.loads(FACTS.dump_json(facts)) != json.loads(text):
        return Unreplayable.OLDER_SHAPE  # a field that wasn't kept would be asked about as if nothing had been found
    return without(facts, _own(request, journal)) if journal else facts


def _own(request: Request, journal: Sequence[StepRow]) -> Own:
    rows = [row for row in journal if row.round < request.round and row.attempts]
    return Own(
        phones=frozenset(row.result["phone_id"] for row in rows if row.name == "create_phone" and row.result),
        detached=frozenset(phone for row in rows if row.name == "detach_phones" for phone in row.intent["phone_ids"]),
        created_user=any(row.name == "create_user" and row.result for row in rows),
    )


def _otherwise(
    request: Request, facts: Facts, tables: RuleTables, table: Table, rows: Collection[str]
) -> Otherwise | None:
    decision = decide(facts, tables.guards, table)
    was_row = request.rule_row if request.rule_row in rows else ""
    same = (request.outcome, request.then_option) == (decision.outcome, decision.then)
    if same and (decision.outcome in OPTIONS or was_row in ("", decision.row)):
        return None
    in_force = decide(facts, tables.guards, tables.enrollment)
    return Otherwise(
        ticket=request.number,
        decided_at=request.decided_at or request.state_at,
        was=past.chosen(request.outcome, request.then_option),
        was_row=was_row,
        would_be=past.chosen(decision.outcome, decision.then),
        row=decision.row,
        because=decision.because,
        alike_in_force=_effect(in_force) == _effect(decision),
    )


def _effect(decision: Decision) -> tuple[str, str, str]:
    """What a decision comes to; two rows that choose one option come to the same."""
    return decision.outcome, decision.then, "" if decision.outcome in OPTIONS else decision.row


def _deciding_rows(tables: RuleTables) -> Collection[str]:
    """Rows that a decision can come from; what held a request later has other ids."""
    rows = (*tables.guards.rows, *tables.enrollment.rows)
    return {IDENTITY_CHECK, RULE_FAILED, *(row.id for row in rows)}
