"""Facts for tests: an ordinary person, anything at all, and ordinary people with a few things changed."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from rules.facts import Facts, Phone, Proof, Request, User
from rules.fields import FieldType, fields_of
from rules.rows import Table
from rules.table import load_guards, load_table

NO_PROOF = Proof()
EVERY_PROOF = Proof(number_on_record=True, desk=True, approval=True, second_address=True, trusted_number=True)

ORDINARY = Facts(
    request=Request(device="duo_mobile"),
    user=User(found=True, matches=1, status="active", email_known=True, has_logged_in=True),
)


def changed(facts: Facts, **sections: Mapping[str, Any] | str) -> Facts:
    """`facts` with fields of their sections changed: `changed(ORDINARY, user={"status": "disabled"})`."""
    parts: dict[str, Any] = {
        name: part if isinstance(part, str) else replace(getattr(facts, name), **part)
        for name, part in sections.items()
    }
    return replace(facts, **parts)


def dead_phone(id_: str = "DPDEAD", **differing: Any) -> Phone:
    return replace(Phone(id=id_, mobile=True, platform_known=True), **differing)


def row(id_: str, outcome: str, device: str = "duo_mobile", more: str = "") -> str:
    """A row for `device`, and an example that expects it."""
    return f"""
[[row]]
id = "{id_}"
outcome = "{outcome}"
when = ["request.device == '{device}'", "not request.edited"]
because = "{id_} is wanted"
{more}
[[example]]
name = "{id_}"
expect = "{id_}"
given.request.device = "{device}"
"""


def table(*rows: str) -> Table:
    """`rows` and a closing row. Only the first may be for a device that another is for too."""
    closing = row("nothing-fits", "hold", "", 'next_step = "look at it"')
    closing = closing.replace("""["request.device == ''", "not request.edited"]""", "[]")
    return load_table("".join(rows) + closing, "mine.toml", load_guards())


def after(first: str, second: str) -> str:
    """`second`, whose example passes `first` over because it is edited."""
    return first + second.replace(', "not request.edited"', "") + "given.request.edited = true\n"


def anything() -> st.SearchStrategy[Facts]:
    """Facts of any content that their types allow, however little it makes sense."""
    return _section(Facts).map(_as_facts)


@st.composite
def nearly_ordinary(draw: st.DrawFn) -> Facts:
    """An ordinary person of whom a few facts are anything: what gets past some guards and not past others."""
    facts, random = ORDINARY, draw(anything())
    facts = replace(facts, proof=random.proof, option=draw(st.just("")))
    facts = changed(facts, request={"device": random.request.device, "preferred": random.request.preferred})
    for section, name in draw(st.lists(st.sampled_from(_PLACES), max_size=4)):
        facts = changed(facts, **{section: {name: getattr(getattr(random, section), name)}})
    return facts


def _section(section: type) -> st.SearchStrategy[Any]:
    return st.builds(section, **{name: _value(field) for name, field in fields_of(section).items()})


def _value(field: FieldType) -> st.SearchStrategy[Any]:
    if field.item is not None:
        return st.lists(_value(field.item), max_size=3).map(tuple)
    if is_dataclass(field.of):
        return _section(field.of)
    if field.words:
        return st.sampled_from(sorted(field.words))
    return _SCALARS[field.of]


def _as_facts(facts: Any) -> Facts:
    assert isinstance(facts, Facts)
    return facts


_SCALARS: Mapping[type, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    str: st.just("") | st.text(max_size=8),
    int: st.integers(min_value=0, max_value=30),
    timedelta: st.timedeltas(timedelta(days=-1), timedelta(days=30)),
}
_PLACES = [
    (section.name, field.name)
    for section in fields(Facts)
    if section.name != "option"
    for field in fields(getattr(ORDINARY, section.name))
]
