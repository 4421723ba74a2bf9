import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.worker.texts.written import about, texts
from worker.texts.clean import LONGEST, LONGEST_NAME, clean, clean_name

NASTY = (
    st.text()
    | st.text(st.sampled_from("[code]{}%#\\ \n\r\t\u202e\u2066\u200b\x00\x1bab<>&'\"./:@"))
    | st.just("x" * 10_000)
)
SHIPPED = texts()


@settings(max_examples=200, deadline=None)
@given(NASTY)
@example("[co[code]de]<b>[/code]")
@example("{{ 7*7 }}{% raw %}{# #}")
@example("\u202eevil\u2066")
def test_clean_text_is_one_short_line_that_opens_no_markup(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= LONGEST
    assert not set(cleaned) & set("[]{}\n\r")
    assert not any(unicodedata.category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for each in cleaned)
    assert cleaned == cleaned.strip()
    assert clean(cleaned) == cleaned


@settings(max_examples=200, deadline=None)
@given(NASTY)
def test_a_clean_name_is_letters_and_little_else(text: str) -> None:
    name = clean_name(text)
    assert len(name) <= LONGEST_NAME
    assert all(unicodedata.category(each)[0] in "LM" or each in " -'’" for each in name)
    assert clean_name(name) == name


@settings(max_examples=50, deadline=None)
@given(NASTY, NASTY)
def test_whatever_a_name_and_a_reason_hold_the_texts_keep_their_lines(name: str, reason: str) -> None:
    context = about(first_name=name, reason=reason)
    usual = about(first_name="Ana", reason="x")
    assert len(SHIPPED.notes("held", context).comment.splitlines()) == len(
        SHIPPED.notes("held", usual).comment.splitlines()
    )
    assert len(SHIPPED.notes("held", context).work_note.splitlines()) == 5
    assert SHIPPED.mail("notice", context).html.count("<") == SHIPPED.mail("notice", usual).html.count("<")


def test_names_of_people_stay_as_they_are() -> None:
    for name in ("Ana", "Zoë", "Mary-Jane", "D'Arcy", "Nguyễn Thị", "李明", "Владимир"):
        assert clean_name(name) == name


def test_text_that_is_too_long_ends_in_an_ellipsis() -> None:
    assert clean("a" * 700).endswith("a…")
