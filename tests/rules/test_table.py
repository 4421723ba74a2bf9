import pytest

from rules.table import TableError, load_enrollment, load_guards, load_table, parse_guards, switch_off

ROW = """
[[row]]
id = "code"
outcome = "mobile.bypass_code"
when = ["request.device == 'duo_mobile'"]
because = "a code is wanted"
"""
CLOSING = """
[[row]]
id = "nothing-fits"
outcome = "hold"
when = []
because = "nothing fits"
next_step = "look at it"
"""
EXAMPLES = """
[[example]]
name = "a code"
expect = "code"
given.request.device = "duo_mobile"
[[example]]
name = "nothing"
expect = "nothing-fits"
"""
GUARD = """
[[row]]
id = "closed"
outcome = "refuse"
when = ["request.closed"]
because = "closed"
[[example]]
name = "closed"
expect = "closed"
given.request.closed = true
"""
PROOF = """
[[proof]]
id = "desk"
options = ["mobile.bypass_code"]
when = ["proof.desk"]
missing = "a check"
next_step = "check"
[[example]]
name = "checked"
expect = "desk"
given.option = "mobile.bypass_code"
given.proof.desk = true
"""


def refusal(text: str) -> str:
    with pytest.raises(TableError) as refused:
        load_table(text, "mine.toml", parse_guards(GUARD + PROOF, "guards.toml"))
    assert refused.value.file == "mine.toml"
    assert str(refused.value) == f"mine.toml: {refused.value.sentence}"
    assert "\n" not in refused.value.sentence
    return refused.value.sentence


def guards_refusal(text: str) -> str:
    with pytest.raises(TableError) as refused:
        parse_guards(text, "mine.toml")
    assert refused.value.file == "mine.toml"
    return refused.value.sentence


def with_row(**lines: str) -> str:
    """The table with `lines` of its first row replaced or added, as TOML."""
    row = {
        "id": '"code"',
        "outcome": '"mobile.bypass_code"',
        "when": """["request.device == 'duo_mobile'"]""",
        "because": '"a code is wanted"',
    } | lines
    return "[[row]]\n" + "\n".join(f"{key} = {value}" for key, value in row.items() if value) + CLOSING + EXAMPLES


def with_example(text: str) -> str:
    return ROW + CLOSING + EXAMPLES + f'[[example]]\nname = "one more"\n{text}\n'


def test_a_table_is_its_rows_in_order_and_counts_its_examples() -> None:
    table = load_table(ROW + CLOSING + EXAMPLES, "mine.toml")
    assert [row.id for row in table.rows] == ["code", "nothing-fits"]
    assert (table.file, table.examples) == ("mine.toml", 2)


def test_a_tables_version_changes_with_its_content_only() -> None:
    text = ROW + CLOSING + EXAMPLES
    assert load_table(text, "a.toml").digest == load_table(text, "b.toml").digest
    assert len(load_table(text, "a.toml").digest) == 12
    assert load_table(text, "a.toml").digest != load_table(text.replace("wanted", "asked for"), "a.toml").digest


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[row]", "isn't TOML: "),
        ("[[rows]]\n" + ROW, "`rows` is unknown; the nearest is `row`"),
        ("[[proofs]]", "`proofs` is unknown; the nearest is `proof`"),
        ("[[samples]]", "`samples` is unknown; the nearest is `example`"),
        ("row = 3", "`row` isn't written as [[row]]"),
        ("[row]\nid = 3", "`row` isn't written as [[row]]"),
        ("example = [3]", "`example` isn't written as [[example]]"),
        (with_row(whn="[]"), "row `code`: `whn` is unknown; the nearest is `when`"),
        (with_row(because=""), "row `code`: `because` is missing"),
        (with_row(because='""'), "row `code`: `because`: string should have at least 1 character"),
        (with_row(id=""), "row `?`: `id` is missing"),
        (with_row(id='"Code!"'), "row `Code!`: `id`: string should match pattern"),
        (with_row(when='"request.closed"'), "row `code`: `when`: input should be a valid list"),
        (with_row(when="[3]"), "row `code`: `when`: input should be a valid string"),
        (with_row(outcome='"mobile.bypas_code"'), "row `code`: outcome `mobile.bypas_code` is unknown; the nearest is"),
        (with_row(outcome='"held"'), "row `code`: outcome `held` is unknown; the nearest is `hold`"),
        (with_row(outcome='"hold"'), "row `code`: holds without `next_step`"),
        (with_row(next_step='"look"'), "row `code`: `next_step` belongs to rows that hold, refuse or wait"),
        (with_row(outcome='"wait"'), "row `code`: waits without `again_in` and `at_most`"),
        (with_row(outcome='"wait"', again_in='"5m"'), "row `code`: waits without `again_in` and `at_most`"),
        (with_row(outcome='"wait"', at_most='"5m"'), "row `code`: waits without `again_in` and `at_most`"),
        (with_row(outcome='"wait"', again_in='"5m"', at_most='"1m"'), "row `code`: `again_in` must be longer than"),
        (with_row(outcome='"wait"', again_in='"0s"', at_most='"1m"'), "row `code`: `again_in` must be longer than"),
        (with_row(outcome='"wait"', again_in='"5 min"', at_most='"1h"'), "row `code`: `again_in`: input should be a"),
        (with_row(outcome='"wait"', again_in="5", at_most='"1h"'), "row `code`: `again_in`: input should be a valid"),
        (with_row(again_in='"5m"'), "row `code`: `again_in` and `at_most` belong to rows that wait"),
        (with_row(at_most='"5m"'), "row `code`: `again_in` and `at_most` belong to rows that wait"),
        (
            with_row(outcome='"mobile.add_phone"'),
            "row `code`: mobile.add_phone without `then`, mobile.activation_link or mobile.bypass_code",
        ),
        (
            with_row(outcome='"mobile.add_phone"', then='"key.bypass_code"'),
            "row `code`: `then` `key.bypass_code` is un",
        ),
        (with_row(then='"mobile.bypass_code"'), "row `code`: `then` belongs to mobile.add_phone"),
        (with_row(optional="true"), "row `code`: `optional` belongs to the guards only"),
        (with_row(when="['user.fund']"), "row `code`: `user.fund`: there is no fact `fund`; the nearest is `found`"),
        (
            with_row(when="""["option == ''"]"""),
            "row `code`: `option == ''` asks `option`, which is known to [[proof]]",
        ),
        (with_row(because='"{user.fund}"'), "row `code`: `{user.fund}` is no fact that a sentence can show"),
        (with_row(outcome='"hold"', next_step='"{user.fund}"'), "row `code`: `{user.fund}` is no fact"),
        (with_row(id='"identity-check"'), "row `identity-check`: that id is given by the worker itself"),
        (ROW + ROW + CLOSING + EXAMPLES, "row `code`: another row has that id"),
        (ROW + EXAMPLES, "has no closing row: the last row (`code`) must match everything (`when = []`) and hold"),
        (ROW + CLOSING.replace("[]", "['user.found']") + EXAMPLES, "has no closing row: the last row (`nothing-fits`)"),
        (
            ROW + CLOSING.replace('"hold"', '"refuse"') + EXAMPLES,
            "has no closing row: the last row (`nothing-fits`) must match everything (`when = []`) and hold",
        ),
        ("", "has no closing row: the last row (there is none)"),
        (with_row(when="[]"), "row `code`: matches everything, so that no row after it is ever reached"),
        (
            ROW + CLOSING.replace("nothing-fits", "early") + CLOSING + EXAMPLES,
            "row `early`: matches everything, so that no row after it is ever reached",
        ),
        (with_row(outcome='"key.bypass_code"'), "row `code`: no [[proof]] names `key.bypass_code`"),
        (PROOF + ROW + CLOSING + EXAMPLES, "proof `desk`: [[proof]] belongs to the guards only"),
        (ROW + CLOSING, "row `code` has no example: no [[example]] expects it"),
        (with_example('expect = "cod"'), "example `one more`: expected row `cod` is unknown; the nearest is `code`"),
        (with_example('expect = "code"'), "example `one more` expects `code`, but `nothing-fits` comes"),
        (with_example('expect = "pass"'), "example `one more`: expected row `pass` is unknown"),
        (with_example('expect = "code"\ngiven.reqest.age = "1d"'), "example `one more`: `reqest` is unknown"),
        (
            with_example('expect = "code"\ngiven.request.devise = "x"'),
            "example `one more`: `devise` is unknown; the nearest is `device`",
        ),
        (
            with_example('expect = "code"\ngiven.request.device = "duo_mobil"'),
            "example `one more`: `request.device` is never 'duo_mobil'; the nearest word is 'duo_mobile'",
        ),
        (
            with_example('expect = "code"\ngiven.option = "mobile.bypass"'),
            "example `one more`: `option` is never 'mobile.bypass'; the nearest word is 'mobile.bypass_code'",
        ),
        (
            with_example('expect = "code"\ngiven.user.phones = [{ moble = true }]'),
            "example `one more`: `moble` is unknown; the nearest is `mobile`",
        ),
        (
            with_example('expect = "code"\ngiven.request = 3'),
            "example `one more`: `request`: input should be an object",
        ),
        (
            with_example('expect = "code"\ngiven.user.found = 1'),
            "example `one more`: `user.found`: input should be a valid",
        ),
        (
            with_example('expect = "code"\ngiven.user.matches = "3"'),
            "example `one more`: `user.matches`: input should be",
        ),
        (with_example('expect = "code"\ngiven.request.age = 2026-01-01'), "example `one more`: `request.age`: "),
        (with_example('expected = "code"'), "example `one more`: "),
    ],
)
def test_a_table_is_refused_with_one_sentence_that_names_what_is_wrong(text: str, sentence: str) -> None:
    assert refusal(text).startswith(sentence)


def test_what_follows_a_phone_must_be_provable_too() -> None:
    proofs = GUARD + PROOF.replace("bypass_code", "add_phone")
    text = with_row(outcome='"mobile.add_phone"', then='"mobile.activation_link"')
    with pytest.raises(TableError, match=r"no \[\[proof\]\] names `mobile.activation_link`"):
        load_table(text, "mine.toml", parse_guards(proofs, "guards.toml"))


def test_an_example_that_says_nothing_of_proof_asks_which_row_comes_first() -> None:
    text = with_example('expect = "code"\ngiven.request.device = "duo_mobile"')
    assert load_table(text, "mine.toml", parse_guards(GUARD + PROOF, "guards.toml")).examples == 3


@pytest.mark.parametrize(
    ("proof", "comes"),
    [("desk = true", "code"), ("desk = false", "identity-check"), ("approval = true", "identity-check")],
)
def test_an_example_that_says_something_of_proof_passes_over_rows_without_it(proof: str, comes: str) -> None:
    example = f'expect = "{comes}"\ngiven.request.device = "duo_mobile"\ngiven.proof.{proof}'
    assert load_table(with_example(example), "mine.toml", parse_guards(GUARD + PROOF, "guards.toml")).examples == 3


def test_an_example_that_expects_a_check_of_identity_passes_over_rows_without_proof() -> None:
    text = with_example('expect = "identity-check"\ngiven.request.device = "duo_mobile"')
    assert load_table(text, "mine.toml", parse_guards(GUARD + PROOF, "guards.toml")).examples == 3


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            GUARD.replace('"refuse"', '"key.bypass_code"'),
            "row `closed`: chooses `key.bypass_code`, but a guard can only",
        ),
        (GUARD.replace('"refuse"', '"refused"'), "row `closed`: outcome `refused` is unknown; the nearest is `refuse`"),
        (GUARD.replace("['request.closed']", "[]").replace('["request.closed"]', "[]"), "row `closed`: matches every"),
        (PROOF.replace("mobile.bypass_code", "mobile.bypass"), "proof `desk`: option `mobile.bypass` is unknown; the"),
        (PROOF.replace("missing", "mising"), "proof `desk`: `mising` is unknown; the nearest is `missing`"),
        (PROOF.replace('["proof.desk"]', "[]"), "proof `desk`: needs at least one option in `options` and one"),
        (PROOF.replace("proof.desk", "proof.desc"), "proof `desk`: `proof.desc`: there is no fact `desc`"),
        (PROOF.replace('missing = "a check"', ""), "proof `desk`: `missing` and `next_step` come together"),
        (PROOF.replace('next_step = "check"', ""), "proof `desk`: `missing` and `next_step` come together"),
        (PROOF.replace('"check"', '"{user}"'), "proof `desk`: `{user}` is no fact that a sentence can show"),
        (PROOF.replace('"desk"', '"closed"') + GUARD, "row `closed`: another row has that id"),
        (PROOF.replace('"desk"', '"pass"'), "row `pass`: that id is given by the worker itself"),
        (GUARD.replace("given.request.closed = true", ""), "example `closed` expects `closed`, but `pass` comes"),
        (PROOF.replace("given.proof.desk = true", ""), "example `checked` expects `desk`, but `identity-check` comes"),
        (GUARD + PROOF.split("[[example]]", maxsplit=1)[0], "row `desk` has no example"),
        (GUARD.split("[[example]]", maxsplit=1)[0], "row `closed` has no example"),
    ],
)
def test_guards_are_refused_with_one_sentence_that_names_what_is_wrong(text: str, sentence: str) -> None:
    assert guards_refusal(text).startswith(sentence)


def test_an_example_of_a_proof_comes_to_it_past_the_guards() -> None:
    stopped = PROOF + "given.request.closed = true"
    assert guards_refusal(GUARD + stopped) == "example `checked` expects `desk`, but `closed` comes"


def test_only_optional_guards_can_be_switched_off() -> None:
    guards = load_guards(["too-old", "second-number"])
    assert guards.off == {"too-old", "second-number"}
    assert {row.id for row in guards.rows} - {row.id for row in guards.switched_on} == guards.off
    with pytest.raises(TableError, match="guards_off: `privileged` is no optional row; the nearest is `") as refused:
        load_guards(["privileged"])
    assert refused.value.file == "guards.toml"
    with pytest.raises(TableError, match="guards_off: `to-old` is no optional row; the nearest is `too-old`"):
        load_guards(["to-old"])


def test_guards_without_optional_rows_say_so() -> None:
    with pytest.raises(TableError, match="guards_off: `closed` is no optional row; there is none"):
        switch_off(parse_guards(GUARD, "guards.toml"), ["closed"])


def test_which_guards_are_off_is_part_of_the_version() -> None:
    one, other = load_guards(["too-old", "second-number"]), load_guards(["second-number", "too-old"])
    assert one.version == other.version
    assert one.version not in {load_guards().version, load_guards(["too-old"]).version}


def test_examples_of_the_guards_are_tried_with_all_rows_on() -> None:
    assert load_guards(["too-old", "second-number", "recent-password-reset"]).examples == load_guards().examples


def test_the_shipped_tables_hold_at_least_sixty_examples() -> None:
    assert load_guards().examples + load_enrollment().examples >= 60


def test_the_shipped_tables_are_known_by_their_files() -> None:
    assert (load_guards().file, load_enrollment().file) == ("guards.toml", "enrollment.toml")


def test_a_wait_may_end_when_it_is_first_asked_again() -> None:
    text = with_row(outcome='"wait"', again_in='"5m"', at_most='"5m"')
    assert load_table(text, "mine.toml").rows[0].outcome == "wait"
