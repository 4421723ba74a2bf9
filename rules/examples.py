"""The examples with which a table tests itself."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rules.asked import first_match
from rules.decide import chosen, fired
from rules.facts import Facts
from rules.proof import Proven, proof_of
from rules.reading import ExampleText, TextRefused, facts_given, unknown
from rules.rows import IDENTITY_CHECK, PASS, Guards, Table


@dataclass(frozen=True)
class Example:
    """Facts, and the row that they must lead to.

    `with_proof`: it says something of proof, so that rows without theirs are passed over. One that says nothing asks
    only which row matches first.
    """

    name: str
    expect: str
    facts: Facts
    with_proof: bool


def example_of(text: ExampleText) -> Example:
    try:
        facts = facts_given(text.given)
    except TextRefused as refused:
        raise TextRefused(f"example `{text.name}`: {refused}") from refused
    return Example(text.name, text.expect, facts, "proof" in text.given or text.expect == IDENTITY_CHECK)


def check_guards(guards: Guards, examples: Sequence[Example]) -> None:
    """That every example leads to the guard it expects; one that gives an `option`, past the guards, to its proof.

    Raises:
        TextRefused: One doesn't, or a row is expected by none.
    """
    ids = [*(row.id for row in guards.rows), *(proof.id for proof in guards.proofs)]
    _check(examples, ids, (PASS, IDENTITY_CHECK), lambda example: _guard_reached(guards, example.facts))


def check_table(table: Table, guards: Guards, examples: Sequence[Example]) -> None:
    """That every example leads to the row it expects; the guards' rows have examples of their own and aren't asked.

    Raises:
        TextRefused: One doesn't, or a row is expected by none.
    """
    ids = [row.id for row in table.rows]
    _check(examples, ids, (IDENTITY_CHECK,), lambda example: _row_reached(table, guards, example))


def check_ladder(table: Table, examples: Sequence[Example]) -> None:
    """That every example leads to the row it expects.

    Raises:
        TextRefused: One doesn't, or a row is expected by none.
    """
    ids = [row.id for row in table.rows]
    _check(examples, ids, (), lambda example: first_match(table, example.facts).id)


def _check(
    examples: Sequence[Example], ids: Sequence[str], beside: Iterable[str], reached: Callable[[Example], str]
) -> None:
    known = (*ids, *beside)
    for example in examples:
        if example.expect not in known:
            raise TextRefused(f"example `{example.name}`: expected row {unknown(example.expect, known)}")
        came = reached(example)
        if came != example.expect:
            raise TextRefused(f"example `{example.name}` expects `{example.expect}`, but `{came}` comes")
    expected = {example.expect for example in examples}
    for row in ids:
        if row not in expected:
            raise TextRefused(f"row `{row}` has no example: no [[example]] expects it")


def _guard_reached(guards: Guards, facts: Facts) -> str:
    guard = fired(facts, guards, [])  # none of them asks `option`
    if guard is not None:
        return guard.row
    if not facts.option:
        return PASS
    proof = proof_of(facts, guards, facts.option)
    return proof.names[0] if isinstance(proof, Proven) else IDENTITY_CHECK


def _row_reached(table: Table, guards: Guards, example: Example) -> str:
    if example.with_proof:
        return chosen(example.facts, guards, table, []).row
    return first_match(table, example.facts).id
