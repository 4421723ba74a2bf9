"""Rows made from their texts, which are refused where their parts don't go together."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from rules.expression import Expression
from rules.facts import OPTIONS
from rules.operand import ExpressionRefused
from rules.reading import ProofText, RowText, TextRefused, unknown
from rules.rows import ADD_PHONE, HOLD, LOOK, REFUSE, WAIT, ProofRow, Row
from rules.sentence import Sentence, SentenceRefused

_FOLLOWING = ("mobile.activation_link", "mobile.bypass_code")


def guard_of(text: RowText) -> Row:
    """A row of the guards: it never chooses an option, and it may be optional."""
    label = f"row `{text.id}`"
    if text.outcome in OPTIONS:
        raise TextRefused(f"{label}: chooses `{text.outcome}`, but a guard can only hold, refuse or wait")
    if not text.when:
        raise TextRefused(f"{label}: matches every request; a guard needs a condition in `when`")
    return _row_of(text, label, (HOLD, REFUSE, WAIT))


def row_of(text: RowText, outcomes: Sequence[str]) -> Row:
    """A row of any other table, whose rows have these `outcomes`."""
    label = f"row `{text.id}`"
    if text.optional:
        raise TextRefused(f"{label}: `optional` belongs to the guards only")
    return _row_of(text, label, outcomes)


def proof_row_of(text: ProofText) -> ProofRow:
    label = f"proof `{text.id}`"
    for option in text.options:
        if option not in OPTIONS:
            raise TextRefused(f"{label}: option {unknown(option, OPTIONS)}")
    if not text.options or not text.when:
        raise TextRefused(f"{label}: needs at least one option in `options` and one condition in `when`")
    if bool(text.missing) != bool(text.next_step):
        raise TextRefused(f"{label}: `missing` and `next_step` come together")
    when = _conditions(label, text.when)
    return ProofRow(text.id, text.options, when, text.missing, _sentence(label, text.next_step))


def _row_of(text: RowText, label: str, outcomes: Sequence[str]) -> Row:
    if text.outcome not in outcomes:
        raise TextRefused(f"{label}: outcome {unknown(text.outcome, outcomes)}")
    _check_next_step(text, label)
    _check_wait(text, label)
    _check_then(text, label)
    when = _conditions(label, text.when)
    for condition in when:
        if "option" in condition.asks:
            raise TextRefused(f"{label}: `{condition.text}` asks `option`, which is known to [[proof]] rows only")
    return Row(
        id=text.id,
        outcome=text.outcome,
        when=when,
        because=_sentence(label, text.because),
        next_step=_sentence(label, text.next_step),
        then=text.then,
        again_in=text.again_in,
        at_most=text.at_most,
        optional=text.optional,
    )


def _check_next_step(text: RowText, label: str) -> None:
    if text.outcome in (HOLD, LOOK) and not text.next_step:
        raise TextRefused(f"{label}: holds without `next_step`, so that nobody would know what to do")
    if text.outcome in OPTIONS and text.next_step:
        raise TextRefused(f"{label}: `next_step` belongs to rows that hold, refuse or wait")


def _check_wait(text: RowText, label: str) -> None:
    times = (text.again_in, text.at_most)
    if text.outcome != WAIT:
        if times != (None, None):
            raise TextRefused(f"{label}: `again_in` and `at_most` belong to rows that wait")
        return
    if text.again_in is None or text.at_most is None:
        raise TextRefused(f"{label}: waits without `again_in` and `at_most`")
    if not timedelta() < text.again_in <= text.at_most:
        raise TextRefused(f"{label}: `again_in` must be longer than nothing and no longer than `at_most`")


def _check_then(text: RowText, label: str) -> None:
    if text.outcome != ADD_PHONE:
        if text.then:
            raise TextRefused(f"{label}: `then` belongs to {ADD_PHONE}")
        return
    if not text.then:
        raise TextRefused(f"{label}: {ADD_PHONE} without `then`, {' or '.join(_FOLLOWING)}")
    if text.then not in _FOLLOWING:
        raise TextRefused(f"{label}: `then` {unknown(text.then, _FOLLOWING)}")


def _conditions(label: str, texts: Iterable[str]) -> tuple[Expression, ...]:
    return tuple(_condition(label, text) for text in texts)


def _condition(label: str, text: str) -> Expression:
    try:
        return Expression(text)
    except ExpressionRefused as refused:
        raise TextRefused(f"{label}: `{text}`: {refused}") from refused


def _sentence(label: str, text: str) -> Sentence:
    try:
        return Sentence(text)
    except SentenceRefused as refused:
        raise TextRefused(f"{label}: {refused}") from refused
