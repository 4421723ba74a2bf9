"""What is known of the facts' fields where tables are read."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from rules.facts import Facts, OneOf, Phone
from rules.fields import FieldType, field_at, fields_of


def test_a_fields_words_are_those_that_its_annotation_names() -> None:
    @dataclass(frozen=True)
    class Kept:
        colour: Annotated[str, OneOf("red", "green")] = "red"
        age: Annotated[timedelta, "a note"] = timedelta()
        phones: tuple[Phone, ...] = ()

    assert fields_of(Kept) == {
        "colour": FieldType(str, words=frozenset({"red", "green"})),
        "age": FieldType(timedelta),
        "phones": FieldType(tuple, item=FieldType(Phone)),
    }


def test_a_field_is_found_by_its_dotted_name() -> None:
    assert field_at(["user", "phones"], Facts) == FieldType(tuple, item=FieldType(Phone))
    assert field_at(["user", "phone"], Facts) is None
    assert field_at(["option", "length"], Facts) is None
