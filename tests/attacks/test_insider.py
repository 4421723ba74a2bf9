"""A member of the service desk opens requests for others: what they may do there, the worker doesn't take for proof."""

from datetime import timedelta
from typing import Final

import pytest

from connectors.sandbox.people import Person
from connectors.sandbox.servicenow.acts.filing import Filed
from tests.attacks.district import ATTACKERS_NUMBER, MINUTE, NOTHING, District
from tests.rig import SECURITY_KEY

INSIDER, COLLEAGUE, IDENTITY = "desk.dana", "desk.dev", "identity.ines"
PER_OPENER: Final = 20


def opened(town: District, person: Person, **more: str) -> Filed:
    return town.file(person, device=SECURITY_KEY, opener=INSIDER, **more)


@pytest.mark.parametrize("author", [INSIDER, COLLEAGUE])
def test_a_note_of_the_service_desk_is_no_check_of_identity(town: District, author: str) -> None:
    filed = opened(town, town.person("no_phone"))
    town.verify(filed, by=author)
    town.once()
    assert town.outcome(filed) == ("held", "identity-check")
    assert town.given() == NOTHING


def test_who_opened_a_request_vouches_for_nobody_even_from_the_identity_desk(town: District) -> None:
    town.sandbox.servicenow.add_group("Service Desk", [IDENTITY])
    filed = town.file(town.person("no_phone"), device=SECURITY_KEY, opener=IDENTITY)
    town.verify(filed, by=IDENTITY)
    town.once()
    assert town.outcome(filed)[0] == "held"
    assert town.given() == NOTHING


@pytest.mark.parametrize("approver", [INSIDER, "the person"])
def test_an_approval_by_the_opener_or_the_person_is_none(town: District, approver: str) -> None:
    person = town.person("no_phone")
    filed = opened(town, person, approval="requested")
    town.sandbox.servicenow.approve(filed.item.number, person.user_name if approver == "the person" else approver)
    town.once()
    assert town.outcome(filed) == ("held", "identity-check")
    assert town.given() == NOTHING


def test_an_approval_written_onto_the_item_without_an_approver_is_none(town: District) -> None:
    filed = opened(town, town.person("no_phone"))
    town.sandbox.servicenow.set_fields(filed.item.number, INSIDER, approval="approved")
    town.once()
    assert town.outcome(filed) == ("held", "identity-check")
    assert town.given() == NOTHING


def test_many_requests_for_others_are_a_matter_for_a_person(town: District) -> None:
    filed = [opened(town, town.person("personal_address")) for _ in range(PER_OPENER + 1)]
    town.once()
    assert {town.outcome(each) for each in filed} == {("held", "opener-limit")}
    assert town.given() == NOTHING


def test_the_limit_of_an_opener_holds_over_the_day_not_the_hour(town: District) -> None:
    served = [opened(town, town.person("personal_address")) for _ in range(PER_OPENER)]
    town.once()
    assert {town.outcome(each)[0] for each in served} == {"awaiting"}
    late = town.person("personal_address")
    town.stage.clock.pass_(timedelta(hours=20))
    filed = opened(town, late)
    town.once()
    assert town.outcome(filed) == ("held", "opener-limit")
    assert town.given() == NOTHING


def test_a_number_that_the_insider_types_is_not_the_persons(town: District) -> None:
    person = town.person("no_phone")
    filed = town.file(person, number=ATTACKERS_NUMBER, opener=INSIDER)
    town.once()
    assert town.outcome(filed) == ("held", "identity-check")
    assert town.given() == NOTHING


def test_what_an_insider_opens_goes_to_the_persons_own_phone_only(town: District) -> None:
    person = town.person("never_activated")
    filed = town.file(person, opener=INSIDER)
    town.once()
    assert town.outcome(filed)[0] == "awaiting"
    assert town.given().texts == (person.number,)
    assert town.sandbox.mail.for_address(person.email), "and the person is told"


def test_a_person_changed_after_the_check_is_one_whom_nobody_checked(town: District) -> None:
    checked, victim = town.person("no_phone"), town.person("no_phone")
    filed = opened(town, checked)
    town.once()
    town.verify(filed, by=IDENTITY)
    town.stage.clock.pass_(timedelta(seconds=5))
    for record in (filed.item.number, filed.request.number):
        town.sandbox.servicenow.set_fields(record, INSIDER, requested_for=town.ids[victim.user_name])
    town.once()
    assert town.outcome(filed)[0] == "held"
    assert town.given() == NOTHING


def test_a_person_changed_on_the_request_alone_is_nobody(town: District) -> None:
    victim, filed = town.person("no_phone"), opened(town, town.person("no_phone"))
    town.sandbox.servicenow.set_fields(filed.request.number, INSIDER, requested_for=town.ids[victim.user_name])
    town.verify(filed, by=IDENTITY)
    town.once()
    assert town.outcome(filed) == ("held", "persons-differ")
    assert town.given() == NOTHING


def test_handing_a_held_request_back_again_and_again_changes_nothing(town: District) -> None:
    filed = opened(town, town.person("no_phone"))
    for _ in range(3):
        town.once()
        assert town.outcome(filed) == ("held", "identity-check")
        town.stage.clock.pass_(MINUTE)
        town.sandbox.servicenow.assign(filed.task.number, "duo.worker", by=INSIDER)
    town.once()
    assert town.outcome(filed) == ("held", "identity-check")
    assert town.given() == NOTHING


@pytest.mark.parametrize("kind", ["privileged", "disabled", "bypass", "working_app"])
def test_nobody_whom_a_guard_protects_is_opened_up_by_the_desk(town: District, kind: str) -> None:
    filed = opened(town, town.person(kind), approval="requested")
    town.sandbox.servicenow.approve(filed.item.number, "approver.ada")
    town.once()
    assert town.outcome(filed)[0] == "held"
    assert town.given() == NOTHING
