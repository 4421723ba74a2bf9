"""`explain TICKET`: the decision on one ticket as it would be now, with its whole trace."""

from typing import Annotated, Any

import typer

from connectors.errors import Refused
from rules.decision import RowTrace
from worker.cli.ending import BadUse, finish
from worker.cli.opened import opened
from worker.cli.shown import moment, print_json, say
from worker.cli.which import as_written
from worker.explaining import Explained, explain
from worker.ledger.states import State


def command(
    context: typer.Context,
    ticket: str,
    everything: Annotated[bool, typer.Option("--all", help="Every row that was asked.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON value.")] = False,
) -> None:
    """Read the ticket and Duo, write nothing; print decision, trace, and the steps it would take."""
    finish(lambda: _explain(context, ticket, everything=everything, as_json=as_json))


def _explain(context: typer.Context, ticket: str, *, everything: bool, as_json: bool) -> None:
    shop = opened(context.obj.config, owner="command")
    shop.directory.look()
    try:
        found = explain(shop, as_written(ticket))
    except Refused as refused:
        raise BadUse(refused.detail) from refused
    if as_json:
        return print_json(_json(found))
    for line in _lines(found, everything=everything):
        say(line)
    return None


def _lines(found: Explained, *, everything: bool) -> list[str]:
    decision = found.decision
    lines = [
        *_stands(found),
        f"{found.ticket.number}: {decision.outcome}" + (f", then {decision.then}" if decision.then else ""),
        f"row       {decision.row} (tables {decision.version})",
        f"because   {decision.because}",
    ]
    lines += [f"next step {decision.next_step}"] if decision.next_step else []
    lines += [f"proof     {decision.proof or 'none'}", *(f"          {sentence}" for sentence in found.evidence)]
    lines += [f"steps     {', '.join(found.steps) or 'none'}"]
    shown = [row for row in decision.trace if everything or row.matched or _is_near(row)]
    left = len(decision.trace) - len(shown)
    more = ["", f"{left} more rows were asked: duo-worker explain --all shows them"] if left else []
    return [*lines, "", "asked, row by row:", *(line for row in shown for line in _row(row)), *more]


def _stands(found: Explained) -> list[str]:
    """For a request that was decided before, so that nobody takes what follows for what will be done."""
    request = found.request
    if request is None or request.state == State.NEW:
        return []
    decided = f"was decided as {request.outcome} on {moment(request.decided_at)} UTC; it is {request.state}."
    undecided = f"is {request.state} since {moment(request.state_at)} UTC: {request.because or 'no reason is noted'}."
    stands = f"{request.number} {decided if request.decided_at else undecided}"
    return [stands, "What follows would be decided about it now; it isn't done:", ""]


def _is_near(row: RowTrace) -> bool:
    """Whether all of its conditions but one held; a row of one condition is no near miss."""
    return len(row.tried) > 1 and [tried.held for tried in row.tried].count(False) == 1


def _row(row: RowTrace) -> list[str]:
    asked_for = f" for {row.option}" if row.option else ""
    lacks = f" — passed over, missing is {row.lacks}" if row.lacks else ""
    head = f"{'✓' if row.matched else '·'} {row.file} {row.row}{asked_for}{lacks}"
    return [head, *(f"    {'true ' if t.held else 'false'} {t.text}  [{_seen(t.seen)}]" for t in row.tried)]


def _seen(seen: Any) -> str:
    return ", ".join(f"{one.name} = {one.value}" for one in seen)


def _json(found: Explained) -> dict[str, Any]:
    decision = found.decision
    return {
        "ticket": found.ticket.number,
        "outcome": decision.outcome,
        "then": decision.then,
        "row": decision.row,
        "because": decision.because,
        "next_step": decision.next_step,
        "proof": decision.proof,
        "evidence": found.evidence,
        "steps": found.steps,
        "version": decision.version,
        "state": found.request.state if found.request else None,
        "trace": [
            {
                "file": row.file,
                "row": row.row,
                "option": row.option,
                "matched": row.matched,
                "lacks": row.lacks,
                "tried": [{"text": t.text, "held": t.held, "seen": _seen(t.seen)} for t in row.tried],
            }
            for row in decision.trace
        ],
    }
