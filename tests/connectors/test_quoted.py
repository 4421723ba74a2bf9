"""Words of other systems, made fit to show."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.quoted import LENGTH, quoted


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("Duplicate resource", "Duplicate resource"),
        ("two\r\nlines\tand \x1b[31mcolour\x00", "two lines and [31mcolour"),
        ("call +1 (480) 555-0123 now", "call +…23 now"),
        ("code 012345678.", "code …78."),
        ("version 2.14.3, error 40002", "version 2.14.3, error 40002"),
        (None, ""),
        (5, ""),
    ],
)
def test_words_become_one_line_without_long_numbers(words: object, line: str) -> None:
    assert quoted(words) == line


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=3 * LENGTH))
def test_any_words_are_short_and_printable(words: str) -> None:
    line = quoted(words)
    assert len(line) <= LENGTH
    assert line.isprintable()
