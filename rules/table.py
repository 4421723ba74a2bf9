"""Tables of rules: read from TOML, checked whole, refused with one sentence where anything is wrong with them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files

from rules.examples import Example, check_guards, check_ladder, check_table, example_of
from rules.fields import nearest
from rules.making import guard_of, proof_row_of, row_of
from rules.reading import ProofText, RowText, TextRefused, read
from rules.rows import HOLD, LADDER_OUTCOMES, OUTCOMES, RESERVED, Guards, Row, Table, digest_of


class TableError(Exception):
    """`file` can't be used: `sentence` names the row, the word, and the nearest valid one."""

    def __init__(self, file: str, sentence: str) -> None:
        super().__init__(f"{file}: {sentence}")
        self.file = file
        self.sentence = sentence


def load_guards(off: Collection[str] = ()) -> Guards:
    """The shipped guards, less the optional rows that are switched `off`. Raises as `switch_off`."""
    return switch_off(_shipped_guards(), off)


def switch_off(guards: Guards, off: Collection[str]) -> Guards:
    """`guards` less the optional rows that `off` names.

    Raises:
        TableError: It names a row that isn't there or isn't optional.
    """
    with _refusals_of(guards.file):
        _check_off(guards.rows, off)
    return replace(guards, off=frozenset(off))


@lru_cache(maxsize=1)  # the shipped tables don't change while the program runs, and their examples take a while
def _shipped_guards() -> Guards:
    return parse_guards(_shipped("guards.toml"), "guards.toml")


@lru_cache(maxsize=1)
def load_enrollment() -> Table:
    """The shipped `enrollment.toml`."""
    return load_table(_shipped("enrollment.toml"), "enrollment.toml")


def load_table(text: str, file: str, guards: Guards | None = None) -> Table:
    """The table of which `text` is the content; `guards` (else the shipped ones) say what each option needs.

    Raises:
        TableError: Anything in it is wrong, its own examples included.
    """
    guards = guards or load_guards()
    with _refusals_of(file):
        table, examples = _table_of(text, file, OUTCOMES)
        _check_provable(table.rows, guards)
        check_table(table, guards, examples)
    return table


@lru_cache(maxsize=1)
def load_follow_up() -> Table:
    """The shipped `follow_up.toml`."""
    return load_ladder(_shipped("follow_up.toml"), "follow_up.toml")


def load_ladder(text: str, file: str) -> Table:
    """The ladder of which `text` is the content: what becomes of a request after delivery.

    Raises:
        TableError: Anything in it is wrong, its own examples included.
    """
    with _refusals_of(file):
        table, examples = _table_of(text, file, LADDER_OUTCOMES)
        check_ladder(table, examples)
    return table


def parse_guards(text: str, file: str) -> Guards:
    """Guards of which `text` is the content; their examples are tried with all rows on.

    Raises:
        TableError: Anything in it is wrong, its own examples included.
    """
    with _refusals_of(file):
        content = read(text)
        _check_ids((*content.rows, *content.proofs))
        rows = tuple(guard_of(row) for row in content.rows)
        proofs = tuple(proof_row_of(proof) for proof in content.proofs)
        guards = Guards(file, rows, proofs, digest_of([text]), len(content.examples))
        check_guards(guards, [example_of(example) for example in content.examples])
    return guards


def _table_of(text: str, file: str, outcomes: Sequence[str]) -> tuple[Table, list[Example]]:
    """Rows and a closing one, and the examples, which are still to be tried."""
    content = read(text)
    if content.proofs:
        raise TextRefused(f"proof `{content.proofs[0].id}`: [[proof]] belongs to the guards only")
    _check_ids(content.rows)
    rows = tuple(row_of(row, outcomes) for row in content.rows)
    _check_closing(rows)
    examples = [example_of(example) for example in content.examples]
    return Table(file, rows, digest_of([text]), len(examples)), examples


def _shipped(file: str) -> str:
    return files("rules").joinpath(file).read_text(encoding="utf-8")


@contextmanager
def _refusals_of(file: str) -> Iterator[None]:
    try:
        yield
    except TextRefused as refused:
        raise TableError(file, str(refused)) from refused


def _check_ids(rows: Iterable[RowText | ProofText]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.id in RESERVED:
            raise TextRefused(f"row `{row.id}`: that id is given by the worker itself")
        if row.id in seen:
            raise TextRefused(f"row `{row.id}`: another row has that id")
        seen.add(row.id)


def _check_closing(rows: Sequence[Row]) -> None:
    if not rows or rows[-1].when or rows[-1].outcome != HOLD:
        last = f"`{rows[-1].id}`" if rows else "there is none"
        raise TextRefused(f"has no closing row: the last row ({last}) must match everything (`when = []`) and hold")
    for row in rows[:-1]:
        if not row.when:
            raise TextRefused(f"row `{row.id}`: matches everything, so that no row after it is ever reached")


def _check_provable(rows: Iterable[Row], guards: Guards) -> None:
    for row in rows:
        for option in (row.outcome, row.then):
            if "." in option and not guards.proofs_for(option):
                raise TextRefused(f"row `{row.id}`: no [[proof]] names `{option}`, so that it could never be chosen")


def _check_off(rows: Iterable[Row], off: Iterable[str]) -> None:
    optional = [row.id for row in rows if row.optional]
    for name in off:
        if name not in optional:
            best = f"the nearest is `{nearest(name, optional)}`" if optional else "there is none"
            raise TextRefused(f"guards_off: `{name}` is no optional row; {best}")
