"""What one request costs at Duo: nothing beyond what is written here is ever asked."""

import pytest

from connectors.errors import Refused
from rules.facts import OPTIONS, Facts
from tests.builders import NUMBER, OTHER_NUMBER, a_person, a_phone, a_ticket, a_user, the_policy
from tests.duo_of_values import DuoOfValues
from tests.worker.facts.gathering import gathered
from worker.tickets.ticket import Ticket

USER = "GET /admin/v1/users"
NUMBERS = "GET /admin/v1/phones"
PHONE = f"GET /admin/v1/phones/{a_phone().phone_id}"


def calls(ticket: Ticket, duo: DuoOfValues | None = None) -> list[str]:
    duo = duo or DuoOfValues([a_user()])
    gathered(ticket, duo)
    return duo.calls


def test_a_key_costs_one_call() -> None:
    assert calls(a_ticket(device="security_key")) == [USER]


def test_duo_mobile_costs_one_more_for_the_phone_that_would_be_texted() -> None:
    assert calls(a_ticket()) == [USER, PHONE]
    assert calls(a_ticket(phone_number=NUMBER)) == [USER, PHONE]


def test_a_number_that_is_not_theirs_costs_one_call_for_its_holder() -> None:
    assert calls(a_ticket(phone_number=OTHER_NUMBER)) == [USER, NUMBERS]
    assert calls(a_ticket(device="security_key", phone_number=OTHER_NUMBER)) == [USER, NUMBERS]


def test_no_phone_or_several_cost_nothing_more() -> None:
    assert calls(a_ticket(), DuoOfValues([a_user(phones=())])) == [USER]
    assert calls(a_ticket(), DuoOfValues([a_user(phones=(a_phone(), a_phone(OTHER_NUMBER)))])) == [USER]


def test_nobody_in_duo_costs_one_call() -> None:
    assert calls(a_ticket(), DuoOfValues()) == [USER]


def test_a_person_without_a_user_name_is_not_asked_for() -> None:
    assert calls(a_ticket(person=a_person(user_name=""))) == []


def test_an_email_address_is_asked_for_only_where_it_may_find_somebody_and_is_one() -> None:
    by_mail = the_policy(match_by_email=True)
    for ticket, asked in ((a_ticket(), [USER, USER]), (a_ticket(person=a_person(email="")), [USER])):
        duo = DuoOfValues()
        gathered(ticket, duo, policy=by_mail)
        assert duo.calls == asked


def test_a_user_name_that_fits_no_query_is_refused_and_asked_of_nobody() -> None:
    duo = DuoOfValues([a_user()])
    with pytest.raises(Refused):
        gathered(a_ticket(person=a_person(user_name="dana\u202ereyes")), duo)
    assert duo.calls == []


def test_the_option_stays_open_until_a_table_is_asked() -> None:
    found = gathered()
    assert isinstance(found.facts, Facts)
    assert found.facts.option not in OPTIONS
    assert found.user == a_user()
