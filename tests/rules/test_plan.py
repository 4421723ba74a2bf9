import pytest

from rules.facts import Facts, Policy, Smartphone
from rules.plan import given, plan, possible
from tests.rules.builders import ORDINARY, changed

OPTIONS_WITH_THEN = [
    ("mobile.bypass_code", ""),
    ("mobile.activation_link", ""),
    ("mobile.add_phone", "mobile.activation_link"),
    ("mobile.add_phone", "mobile.bypass_code"),
    ("key.bypass_code", ""),
    ("key.enrollment_link", ""),
]
_CHANGE = {
    "create_user",
    "create_phone",
    "attach_phone",
    "set_platform",
    "detach_phones",
    "code_in_push",
    "link_mail",
    "activation_text",
    "enrollment_mail",
}
READY = changed(ORDINARY, usable_smartphone={"found": True, "platform_known": True})


def steps(option: str, then: str = "", facts: Facts = READY) -> str:
    return " ".join(plan(option, then, facts))


@pytest.mark.parametrize("option", ["mobile.bypass_code", "key.bypass_code"])
def test_a_code_is_delivered_in_a_push_by_mail(option: str) -> None:
    assert steps(option) == "take notice code_in_push link_mail tell_delivered"


def test_an_activation_link_is_texted_to_the_phone_on_record() -> None:
    assert steps("mobile.activation_link") == "take notice activation_text tell_delivered"


def test_a_phone_of_unknown_platform_gets_one_before_the_text() -> None:
    unknown = changed(READY, usable_smartphone={"platform_known": False})
    assert steps("mobile.activation_link", facts=unknown) == "take notice set_platform activation_text tell_delivered"


@pytest.mark.parametrize("option", ["mobile.bypass_code", "key.bypass_code", "key.enrollment_link"])
def test_the_platform_is_left_alone_where_nothing_is_texted(option: str) -> None:
    assert "set_platform" not in steps(option, facts=changed(READY, usable_smartphone={"platform_known": False}))


def test_a_phone_is_made_attached_and_then_sent_its_link() -> None:
    no_phone = changed(READY, usable_smartphone={"found": False, "platform_known": False})
    expected = "take notice create_phone attach_phone activation_text tell_delivered"
    assert steps("mobile.add_phone", "mobile.activation_link", no_phone) == expected


def test_a_phone_is_made_attached_and_then_a_code_delivered() -> None:
    expected = "take notice create_phone attach_phone code_in_push link_mail tell_delivered"
    assert steps("mobile.add_phone", "mobile.bypass_code") == expected


def test_a_link_for_a_key_is_mailed_by_duo() -> None:
    assert steps("key.enrollment_link") == "take notice enrollment_mail tell_delivered"


def test_dead_phones_are_taken_off_the_record_for_a_link_only() -> None:
    dead = changed(READY, user={"has_device": True, "only_dead_phones": True})
    assert steps("key.enrollment_link", facts=dead) == "take notice detach_phones enrollment_mail tell_delivered"
    for option, then in OPTIONS_WITH_THEN[:-1]:
        assert "detach_phones" not in plan(option, then, dead)


@pytest.mark.parametrize(("option", "then"), OPTIONS_WITH_THEN)
def test_somebody_not_in_duo_is_created_first(option: str, then: str) -> None:
    nobody = Facts(policy=Policy(create_users=True), usable_smartphone=Smartphone(platform_known=True))
    assert plan(option, then, nobody) == ("take", "notice", "create_user", *plan(option, then, READY)[2:])


@pytest.mark.parametrize(("option", "then"), OPTIONS_WITH_THEN)
def test_the_person_is_told_before_anything_is_changed_or_issued(option: str, then: str) -> None:
    for facts in (READY, Facts(), changed(READY, user={"has_device": True})):
        planned = plan(option, then, facts)
        assert planned[:2] == ("take", "notice")
        assert planned[-1] == "tell_delivered"
        assert set(planned[2:-1]) <= _CHANGE
        assert len(set(planned)) == len(planned)


@pytest.mark.parametrize(("option", "then"), OPTIONS_WITH_THEN)
def test_the_possible_steps_of_an_option_are_those_of_all_its_plans(option: str, then: str) -> None:
    somebody = changed(READY, user={"has_device": True}, usable_smartphone={"platform_known": False})
    planned = {step for facts in (READY, Facts(), somebody) for step in plan(option, then, facts)}
    assert possible(option, then) == planned


@pytest.mark.parametrize("outcome", ["hold", "refuse", "wait", ""])
def test_what_is_no_option_has_no_possible_steps(outcome: str) -> None:
    assert possible(outcome, "") == frozenset()


def test_what_the_person_gets_is_told_by_the_option_or_by_what_follows_a_phone() -> None:
    assert [given(option, then) for option, then in OPTIONS_WITH_THEN] == [
        "bypass_code",
        "activation_link",
        "activation_link",
        "bypass_code",
        "bypass_code",
        "enrollment_link",
    ]
    assert given("hold", "") == ""
