"""Somebody writes in the ledger with another program, while a request has steps to do.

Whom, which number and which address come from fresh answers; what a step left counts only as the worker wrote it.
"""

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from connectors.sandbox.faults.rule import Rule
from connectors.sandbox.people import DuoPhone
from connectors.sandbox.population import IDENTITY_DESK
from tests.attacks.district import ATTACKERS_NUMBER, MINUTE, District
from tests.attacks.edited import (
    GIVING,
    Arrange,
    Scene,
    a_code,
    a_new_phone,
    a_text,
    alone,
    an_enrollment_mail,
    assert_the_victim_is_as_before,
    go_on,
    scene,
)
from tests.rig import SECURITY_KEY
from worker.brakes import resume

ACTING: Final[tuple[Arrange, ...]] = (a_text, a_code, a_new_phone, an_enrollment_mail)


@pytest.mark.parametrize("arrange", ACTING, ids=lambda each: each.__name__)
@pytest.mark.parametrize("what", ["duo_user_id", "address_digest", "person"])
def test_another_user_address_or_person_in_the_ledger_holds_the_request(
    town: District, arrange: Arrange, what: str
) -> None:
    made = arrange(town)
    assert town.outcome(made.filed)[0] == "acting"
    if what == "person":
        town.edit_ledger("UPDATE requests SET state = 'closed' WHERE id = ?", made.ids[1])  # one busy request a person
    made.copy_from_victim(what)
    town.edit_ledger("UPDATE requests SET state = 'awaiting' WHERE id = ?", made.ids[1]) if what != "person" else None
    go_on(made)
    assert town.outcome(made.filed) == ("held", "changed-since-decided")
    given = town.given()
    assert (given.codes, given.texts, given.enrollment_mails, given.links, given.changed) == (0, (), (), (), ())


@pytest.mark.parametrize("option", ["mobile.bypass_code", "key.bypass_code", "key.enrollment_link", "mobile.add_phone"])
def test_another_option_in_the_ledger_has_no_proof(town: District, option: str) -> None:
    made = a_text(town)
    made.set_request(outcome=option, then_option="mobile.bypass_code" if option == "mobile.add_phone" else "")
    go_on(made)
    assert town.outcome(made.filed)[0] == "held"
    assert town.given().codes == 0
    assert town.given().texts == ()


@pytest.mark.parametrize("names", [("code_in_push", "link_mail"), ("create_phone", "attach_phone"), ("detach_phones",)])
def test_a_step_that_the_decision_did_not_bring_is_not_done(town: District, names: tuple[str, ...]) -> None:
    made = a_text(town)
    made.add_steps(*names)
    go_on(made)
    assert town.outcome(made.filed)[0] in ("held", "unsure")
    given = town.given()
    assert (given.codes, given.links, given.changed) == (0, (), ())


def test_steps_added_to_held_requests_give_nothing(town: District) -> None:
    scenes = [alone(town, town.person("no_phone", number=f"+1480556{place:04}")) for place in range(len(GIVING))]
    town.once()
    for made, name in zip(scenes, GIVING, strict=True):
        assert town.outcome(made.filed) == ("held", "identity-check")
        made.add_steps("notice_warning", name, "link_mail")
        made.set_request(due_at=0, outcome="mobile.bypass_code")
    town.count_anew()
    go_on(scenes[0])
    assert {town.outcome(made.filed)[0] for made in scenes} <= {"held", "unsure"}
    given = town.given()
    assert (given.codes, given.texts, given.enrollment_mails, given.links, given.changed) == (0, (), (), (), ())


def test_a_step_added_to_a_delivered_request_gives_nothing(town: District) -> None:
    made = a_text(town)
    go_on(made, 1)
    assert town.outcome(made.filed)[0] == "awaiting"
    made.add_steps("notice_added", "code_in_push", "link_mail")
    made.set_request(due_at=0)
    go_on(made)
    assert town.given().codes == 0
    assert town.given().links == ()


def test_another_phone_in_the_result_of_a_step_is_not_texted_or_attached(town: District) -> None:
    made = a_new_phone(town)
    attackers = town.person("no_phone", number=ATTACKERS_NUMBER, duo_phones=(DuoPhone(ATTACKERS_NUMBER, "apple ios"),))
    town.sandbox.faults.set(Rule("duo", "error before", method="POST", route="/users/.*/phones", nth=1))
    go_on(made, 1)
    assert [row.state for row in town.steps(made.filed) if row.name == "create_phone"] == ["done"]
    made.set_in_step("create_phone", "result", phone_id=made.phone_ids(attackers)[0])
    go_on(made)
    assert town.outcome(made.filed)[0] in ("held", "unsure")
    assert town.given().texts == ()
    assert made.person.user_name not in town.given().changed


def lost_answer(made: Scene) -> None:
    """The code is made, and Duo's answer is lost: its step stays begun."""
    made.town.sandbox.faults.set(Rule("duo", "reset after", method="POST", route="/bypass_codes$", nth=1))
    resume(made.town.stage.ledger, made.town.stage.clock())
    made.town.restart()
    made.town.once()
    assert [row.state for row in made.town.steps(made.filed) if row.name == "code_in_push"] == ["begun"]


def test_another_user_in_the_intent_of_a_lost_step_loses_no_code_of_theirs(town: District) -> None:
    made = a_code(town)
    lost_answer(made)
    theirs = next(row for row in town.steps(made.victims) if row.name == "code_in_push").intents[-1]
    made.set_in_step("code_in_push", "intents", **{name: theirs[name] for name in ("user_id", "valid_secs", "at")})
    go_on(made)
    assert_the_victim_is_as_before(made)


def undo_pending(made: Scene) -> None:
    """Delivered and revoked by the desk while Duo is down: what takes it back is still to be done."""
    town = made.town
    go_on(made, 1)
    assert town.outcome(made.filed)[0] == "awaiting"
    town.stage.clock.pass_(MINUTE)
    town.sandbox.servicenow.work_note(made.filed.task.number, "desk.dana", "#revoke")
    town.sandbox.faults.set(
        Rule("duo", "error before", times=1000), Rule("password_pusher", "error before", times=1000)
    )
    town.once()
    town.sandbox.faults.set()
    assert any(row.state == "planned" for row in town.steps(made.filed))


def test_another_user_in_the_intent_of_a_step_to_be_undone_loses_no_code_of_theirs(town: District) -> None:
    made = a_code(town)
    undo_pending(made)
    theirs = next(row for row in town.steps(made.victims) if row.name == "code_in_push").intents[-1]
    made.set_in_step("code_in_push", "intents", **{name: theirs[name] for name in ("user_id", "valid_secs", "at")})
    go_on(made)
    assert_the_victim_is_as_before(made)
    assert town.outcome(made.filed)[0] == "unsure"
    assert "ALIVE: a bypass code" in town.notes(made.filed)


def test_the_sealed_link_of_another_request_is_neither_mailed_nor_expired(town: District) -> None:
    made = a_code(town)
    town.sandbox.faults.set(Rule("mail", "421 at hello", nth=2, times=1000))
    go_on(made, 1)
    town.sandbox.faults.set()
    assert [row.state for row in town.steps(made.filed) if row.name == "code_in_push"] == ["done"]
    town.edit_ledger(
        "UPDATE steps SET secret = (SELECT secret FROM steps WHERE request_id = ? AND name = 'code_in_push')"
        " WHERE request_id = ? AND name = 'code_in_push'",
        *reversed(made.ids),
    )
    go_on(made)
    assert_the_victim_is_as_before(made)
    link = next(push for push in town.sandbox.password_pusher.pushes if push.name == made.victims.task.number).url_token
    assert not any(link in mail.plain for mail in town.sandbox.mail.for_address(made.person.email))


@pytest.fixture(scope="module")
def changes() -> dict[str, dict[str, Any]]:
    return {"policy": {"retire_dead_phones": True, "retire_check_applications": ["DISANDBOXPORTAL00001"]}}


def retired(town: District) -> Scene:
    return scene(town, "never_activated", device=SECURITY_KEY, preferred="enrollment_link", verified=True)


def test_the_phones_of_another_are_not_taken_off_in_place_of_the_persons(town: District) -> None:
    made = retired(town)
    town.sandbox.faults.set(Rule("duo", "reset after", method="DELETE", nth=1))
    go_on(made, 1)
    town.sandbox.faults.set()
    assert [row.state for row in town.steps(made.filed) if row.name == "detach_phones"] == ["begun"]
    theirs = {"user_id": made.user_id(made.victim), "phone_ids": made.phone_ids(made.victim)}
    made.set_in_step("detach_phones", "intents", **theirs)
    go_on(made)
    assert_the_victim_is_as_before(made)


def test_an_attackers_phone_is_not_given_back_to_the_person(town: District) -> None:
    attacker = town.person("working_app")
    made = retired(town)
    go_on(made, 1)
    assert town.outcome(made.filed)[0] == "awaiting"
    made.set_in_step("detach_phones", "intents", phone_ids=made.phone_ids(attacker))
    town.stage.clock.pass_(MINUTE)
    town.sandbox.servicenow.work_note(made.filed.task.number, "desk.dana", "#revoke")
    go_on(made)
    assert made.phone_ids(made.person) == []
    assert "detach_phones" in town.notes(made.filed)


def test_an_attacker_is_not_on_the_identity_desk_because_the_ledger_says_so(town: District) -> None:
    person, attacker = town.person("no_phone"), town.person("no_phone")
    filed = town.file(person, device=SECURITY_KEY)
    town.once()
    known = town.stage.shop.directory.current()
    forged = replace(known, members={**known.members, IDENTITY_DESK: frozenset({attacker.user_name})})
    assert town.edit_ledger("UPDATE marks SET value = ? WHERE name = 'directory'", json.dumps(forged.to_json())) == 1
    town.verify(filed, by=attacker.user_name)
    town.restart()
    town.once(after=2 * MINUTE)
    assert town.outcome(filed) == ("held", "identity-check")
    assert town.given().codes == 0


def test_a_request_that_follows_another_persons_user_is_not_closed_by_their_device(town: District) -> None:
    made = a_text(town)
    go_on(made, 1)
    other = town.person("never_activated")
    made.set_request(duo_user_id=made.user_id(other))
    town.sandbox.duo.register_key(other.user_name)
    for _ in range(11):
        town.once()
    assert town.outcome(made.filed) == ("held", "changed-since-decided")
