"""What becomes of a request after it was delivered: the first row of the ladder whose every expression holds.

A row that gives something again, or something else, is decided like a first time: every guard is asked, and the proof
of *its* option, on fresh facts; a row whose option lacks its proof is passed over.
"""

from dataclasses import replace

from rules.asked import asked, first_match
from rules.decide import failed_rule, fired, identity_check
from rules.decision import Decision, RowTrace
from rules.expression import ExpressionFailed
from rules.facts import OPTIONS, Facts
from rules.proof import Proven, proof_of
from rules.rows import HOLD, REISSUE, Guards, Row, Table, digest_of


def gives_again(facts: Facts, ladder: Table) -> bool:
    """Whether the first row that matches gives something: then the facts that `next_move` is asked with must be fresh.

    False as well where a row couldn't be asked: `next_move` holds the request.
    """
    try:
        outcome = first_match(ladder, facts).outcome
    except ExpressionFailed:
        return False
    return outcome == REISSUE or outcome in OPTIONS


def next_move(facts: Facts, guards: Guards, ladder: Table, then: str = "") -> Decision:
    """The answer; there always is one. `then` is what follows where mobile.add_phone was delivered.

    If only the closing row is left, the first row that was passed over holds and names the proof that is missing.
    """
    trace: list[RowTrace] = []
    try:
        decision = _first(facts, guards, ladder, then, trace)
    except ExpressionFailed as failed:
        decision = failed_rule(failed)
    return replace(decision, trace=tuple(trace), version=digest_of((guards.version, ladder.digest)))


def _first(facts: Facts, guards: Guards, ladder: Table, then: str, trace: list[RowTrace]) -> Decision:
    passed_over: Decision | None = None
    *rows, closing = ladder.rows
    for row in rows:
        trace.append(asked(ladder.file, row.id, row.when, facts))
        if not trace[-1].matched:
            continue
        decision, at = _decision(row, facts, then), len(trace) - 1
        if decision.outcome not in OPTIONS:
            return decision
        if passed_over is None and (against := fired(facts, guards, trace)) is not None:
            return against
        proof = proof_of(facts, guards, decision.outcome, decision.then)
        trace += proof.trace
        if isinstance(proof, Proven):
            return replace(decision, proof=", ".join(proof.names))
        trace[at] = replace(trace[at], lacks=proof.missing)
        passed_over = passed_over or identity_check(proof, row.because.filled(facts))
    trace.append(asked(ladder.file, closing.id, closing.when, facts))
    return passed_over or _decision(closing, facts, then)


def _decision(row: Row, facts: Facts, then: str) -> Decision:
    again = row.outcome == REISSUE
    return Decision(
        outcome=(facts.progress.option or HOLD) if again else row.outcome,
        row=row.id,
        because=row.because.filled(facts),
        next_step=row.next_step.filled(facts),
        then=then if again else "",
        again_in=row.again_in,
        at_most=row.at_most,
    )
