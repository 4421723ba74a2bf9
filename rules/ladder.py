"""What becomes of a request after it was delivered: the first row of the ladder whose every expression holds.

A row that gives something again, or something else, is decided like a first time: every guard is asked, and the proof
of *its* option, on fresh facts.
"""

from dataclasses import replace

from rules.asked import asked
from rules.decide import recheck
from rules.decision import Decision, RowTrace
from rules.expression import ExpressionFailed
from rules.facts import OPTIONS, Facts
from rules.proof import Proven, proof_of
from rules.rows import HOLD, REISSUE, RULE_FAILED, Guards, Row, Table, digest_of


def next_move(facts: Facts, guards: Guards, ladder: Table, then: str = "") -> Decision:
    """The answer; there always is one. `then` is what follows where mobile.add_phone was delivered."""
    trace: list[RowTrace] = []
    version = digest_of((guards.version, ladder.digest))
    try:
        row = _first(facts, ladder, trace)
    except ExpressionFailed as failed:
        do = "Tell whoever runs the worker what stands above, and handle this request by hand."
        return Decision(HOLD, RULE_FAILED, f"a rule couldn't be asked: {failed}", do, version=version)
    decision = _decision(row, facts, then)
    if decision.outcome in OPTIONS:
        against = recheck(facts, guards, decision.outcome, decision.then)
        if against is not None:
            decision, trace = against, [*trace, *against.trace]
        else:
            proof = proof_of(facts, guards, decision.outcome, decision.then)
            decision = replace(decision, proof=", ".join(proof.names) if isinstance(proof, Proven) else "")
    return replace(decision, trace=tuple(trace), version=version)


def _first(facts: Facts, ladder: Table, trace: list[RowTrace]) -> Row:
    for row in ladder.rows:
        trace.append(asked(ladder.file, row.id, row.when, facts))
        if trace[-1].matched:
            return row
    raise AssertionError("a ladder without a closing row can't be loaded")


def _decision(row: Row, facts: Facts, then: str) -> Decision:
    again = row.outcome == REISSUE
    return Decision(
        outcome=facts.progress.option if again else row.outcome,
        row=row.id,
        because=row.because.filled(facts),
        next_step=row.next_step.filled(facts),
        then=then if again else "",
        again_in=row.again_in,
        at_most=row.at_most,
    )
