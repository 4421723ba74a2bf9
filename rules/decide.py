"""What to do about a request: the guards first, then the first row of a table whose option has its proof."""

from dataclasses import replace

from rules.asked import asked
from rules.decision import Decision, RowTrace
from rules.expression import ExpressionFailed
from rules.facts import OPTIONS, Facts
from rules.proof import Proven, Unproven, proof_of
from rules.rows import HOLD, IDENTITY_CHECK, RULE_FAILED, Guards, Row, Table, digest_of


def decide(facts: Facts, guards: Guards, enrollment: Table) -> Decision:
    """The answer to one request; there always is one. Same facts and tables, same decision and trace.

    A row whose option lacks its proof is passed over; if only the closing row is left, the first one passed over
    holds and names what is missing. A condition that can't be told holds the request.
    """
    trace: list[RowTrace] = []
    try:
        decision = fired(facts, guards, trace) or chosen(facts, guards, enrollment, trace)
    except ExpressionFailed as failed:
        decision = failed_rule(failed)
    return replace(decision, trace=tuple(trace), version=digest_of((guards.version, enrollment.digest)))


def recheck(facts: Facts, guards: Guards, option: str, then: str = "") -> Decision | None:
    """Why a decided `option` may no longer be carried out: a guard that fires, or its proof gone. None: it may.

    `facts` are fresh ones less what the request did itself (`rules.facts.without`). Pure, as `decide`.
    """
    trace: list[RowTrace] = []
    try:
        decision = fired(facts, guards, trace) or _gone(facts, guards, option, then, trace)
    except ExpressionFailed as failed:
        decision = failed_rule(failed)
    return decision and replace(decision, trace=tuple(trace), version=guards.version)


def fired(facts: Facts, guards: Guards, trace: list[RowTrace]) -> Decision | None:
    """The decision of the first guard that fires. Adds to `trace` what was asked."""
    for row in guards.switched_on:
        trace.append(asked(guards.file, row.id, row.when, facts))
        if trace[-1].matched:
            return _decision(row, facts)
    return None


def chosen(facts: Facts, guards: Guards, table: Table, trace: list[RowTrace]) -> Decision:
    """The decision of `table` alone, with the proofs. Adds to `trace` what was asked."""
    passed_over: Decision | None = None
    *rows, closing = table.rows
    for row in rows:
        trace.append(asked(table.file, row.id, row.when, facts))
        if not trace[-1].matched:
            continue
        if row.outcome not in OPTIONS:
            return _decision(row, facts)
        proof = proof_of(facts, guards, row.outcome, row.then)
        if isinstance(proof, Proven):
            trace += proof.trace
            return replace(_decision(row, facts), proof=", ".join(proof.names))
        trace[-1] = replace(trace[-1], lacks=proof.missing)
        trace += proof.trace
        passed_over = passed_over or identity_check(proof, row.because.filled(facts))
    trace.append(asked(table.file, closing.id, closing.when, facts))
    return passed_over or _decision(closing, facts)


def _decision(row: Row, facts: Facts) -> Decision:
    return Decision(
        outcome=row.outcome,
        row=row.id,
        because=row.because.filled(facts),
        next_step=row.next_step.filled(facts),
        then=row.then,
        again_in=row.again_in,
        at_most=row.at_most,
    )


def _gone(facts: Facts, guards: Guards, option: str, then: str, trace: list[RowTrace]) -> Decision | None:
    proof = proof_of(facts, guards, option, then)
    trace += proof.trace
    if isinstance(proof, Proven):
        return None
    return identity_check(proof, "the proof of identity that the decision rested on is gone")


def identity_check(lack: Unproven, because: str) -> Decision:
    """The hold for want of proof, which says what would count."""
    return Decision(HOLD, IDENTITY_CHECK, f"{because}; missing is {lack.missing}", lack.next_step)


def failed_rule(failed: ExpressionFailed) -> Decision:
    """The hold because a condition couldn't be told."""
    next_step = "Tell whoever runs the worker what stands above, and handle this request by hand."
    return Decision(HOLD, RULE_FAILED, f"a rule couldn't be asked: {failed}", next_step)
