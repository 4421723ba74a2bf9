"""Whether an option has the proof of identity that it needs (design §6.0)."""

from dataclasses import dataclass, replace

from rules.asked import asked
from rules.decision import RowTrace
from rules.facts import Facts
from rules.rows import ADD_PHONE, CODE_OPTIONS, Guards


@dataclass(frozen=True)
class Proven:
    """`names` are the proof rows that held, one for each option that was asked for."""

    names: tuple[str, ...]
    trace: tuple[RowTrace, ...]


@dataclass(frozen=True)
class Unproven:
    """No proof row of an option held: `missing` says in words what would have counted."""

    missing: str
    next_step: str
    trace: tuple[RowTrace, ...]


def proof_of(facts: Facts, guards: Guards, option: str, then: str = "") -> Proven | Unproven:
    """The proof of `option`, and of the code that follows a phone added in the ticket.

    An activation link that follows needs none of its own: it goes to the number whose proof was just asked.
    """
    needed = (option, then) if option == ADD_PHONE and then in CODE_OPTIONS else (option,)
    names: list[str] = []
    trace: list[RowTrace] = []
    for each in needed:
        proven = _proof_of_one(facts, guards, each)
        trace += proven.trace
        if isinstance(proven, Unproven):
            return replace(proven, trace=tuple(trace))
        names += (name for name in proven.names if name not in names)
    return Proven(tuple(names), tuple(trace))


def _proof_of_one(facts: Facts, guards: Guards, option: str) -> Proven | Unproven:
    facts = replace(facts, option=option)
    trace: list[RowTrace] = []
    for row in guards.proofs_for(option):
        trace.append(replace(asked(guards.file, row.id, row.when, facts), option=option))
        if trace[-1].matched:
            return Proven((row.id,), tuple(trace))
    return _unproven(facts, guards, option, tuple(trace))


def _unproven(facts: Facts, guards: Guards, option: str, trace: tuple[RowTrace, ...]) -> Unproven:
    would_count = [row for row in guards.proofs_for(option) if row.missing]
    *most, last = [row.missing for row in would_count] or [f"any proof that counts for {option}"]
    missing = f"{', '.join(most)}, or {last}" if most else last
    next_step = would_count[0].next_step.filled(facts) if would_count else ""
    return Unproven(missing, next_step, trace)
