import pytest

from rules.facts import Requester
from tests.builders import AGENT, DESK, a_directory, a_person, a_ticket, known, somebody, the_policy
from worker.facts.known import Known
from worker.facts.requester import about_requester
from worker.tickets.ticket import Ticket


def about(ticket: Ticket, knows: Known | None = None) -> Requester:
    return about_requester(ticket, knows or known(), a_directory(), the_policy())


def test_whoever_files_for_themselves_is_the_person_whatever_the_case_of_the_name() -> None:
    assert about(a_ticket(opener=a_person(user_name="DANA.Reyes"))).is_person


def test_somebody_else_is_not_the_person() -> None:
    assert not about(a_ticket(opener=somebody("pat.lopez"))).is_person


def test_two_nameless_people_are_not_one() -> None:
    nobody = a_person(user_name="")
    assert not about(a_ticket(person=nobody, opener=nobody)).is_person


@pytest.mark.parametrize(("opener", "on_it"), [(AGENT, True), ("Sam.Agent", True), (DESK, False), ("", False)])
def test_the_service_desk_is_known_by_its_groups(opener: str, on_it: bool) -> None:
    assert about(a_ticket(opener=somebody(opener))).on_service_desk is on_it


def test_how_much_an_opener_filed_is_the_ledgers_word() -> None:
    assert about(a_ticket(), known(opened_recently=7)).opened_recently == 7
