import pytest

from rules.facts import Number
from tests.builders import NUMBER, OTHER_NUMBER, a_person, a_phone, a_ticket, a_user, the_policy
from tests.duo_of_values import DuoOfValues
from tests.worker.facts.gathering import gathered


def typed(number: str, duo: DuoOfValues | None = None, **ticket: object) -> Number:
    return gathered(a_ticket(phone_number=number, **ticket), duo).facts.number


def test_no_number_typed_is_nothing_known() -> None:
    assert gathered(a_ticket()).facts.number == Number()


def test_a_number_of_the_persons_own_record_is_on_record() -> None:
    number = typed(NUMBER)
    assert (number.given, number.on_record, number.somebody_elses, number.shared) == (True, True, False, False)


def test_a_number_duo_does_not_know_is_nobodys() -> None:
    number = typed(OTHER_NUMBER)
    assert (number.given, number.on_record, number.somebody_elses, number.shared) == (True, False, False, False)


def test_a_number_on_somebody_elses_record_is_somebody_elses() -> None:
    other = a_user(user_id="DUOTHER", username="pat.lopez", phones=(a_phone(OTHER_NUMBER),))
    number = typed(OTHER_NUMBER, DuoOfValues([a_user(), other]))
    assert (number.on_record, number.somebody_elses, number.shared) == (False, True, False)


def test_a_number_two_others_share_is_shared() -> None:
    others = [a_user(user_id=f"DUOTHER{n}", username=n, phones=(a_phone(OTHER_NUMBER),)) for n in "AB"]
    number = typed(OTHER_NUMBER, DuoOfValues([a_user(), *others]))
    assert (number.somebody_elses, number.shared) == (True, True)


def test_the_persons_own_number_that_another_user_has_too_is_shared_and_not_somebody_elses() -> None:
    other = a_user(user_id="DUOTHER", username="pat.lopez")
    number = typed(NUMBER, DuoOfValues([a_user(), other]))
    assert (number.on_record, number.somebody_elses, number.shared) == (True, False, True)


def test_a_number_is_somebody_elses_where_the_person_is_not_in_duo_yet() -> None:
    other = a_user(user_id="DUOTHER", username="pat.lopez")
    assert typed(NUMBER, DuoOfValues([other])).somebody_elses


def test_a_phone_that_nobody_uses_is_not_somebody_elses() -> None:
    number = typed(OTHER_NUMBER, DuoOfValues([a_user()], phones=[a_phone(OTHER_NUMBER)]))
    assert (number.on_record, number.somebody_elses) == (False, False)


def test_duos_word_for_a_landline_counts_on_the_own_record_and_on_any_other() -> None:
    own = a_user(phones=(a_phone(type="landline"),))
    assert typed(NUMBER, DuoOfValues([own])).landline_in_duo
    assert typed(OTHER_NUMBER, DuoOfValues([a_user()], phones=[a_phone(OTHER_NUMBER, type="landline")])).landline_in_duo
    assert not typed(NUMBER).landline_in_duo


def test_kind_and_region_come_from_the_numbering_plan() -> None:
    at_home = typed("+14805550142")
    abroad = typed("+447911123456")
    assert (at_home.kind, at_home.region_allowed) == ("fixed_or_mobile", True)
    assert (abroad.kind, abroad.region_allowed) == ("mobile", False)


def test_a_number_of_no_plan_is_no_kind_that_is_texted() -> None:
    nowhere = typed("+19995550142")
    assert (nowhere.given, nowhere.kind, nowhere.region_allowed) == (True, "other", False)


@pytest.mark.parametrize("stored", ["+16025550198", "+1 (602) 555-0198", "602-555-0198", "(602) 555-0198"])
def test_a_number_the_person_cannot_edit_makes_the_typed_one_trusted(stored: str) -> None:
    assert typed(OTHER_NUMBER, person=a_person(trusted_numbers=("", stored))).trusted


@pytest.mark.parametrize("stored", ["+16025550199", "602-555-0198 x12", "5550198", "see file", ""])
def test_any_other_stored_number_does_not(stored: str) -> None:
    assert not typed(OTHER_NUMBER, person=a_person(trusted_numbers=(stored,))).trusted


def test_a_stored_number_without_country_counts_for_nothing_where_it_could_be_of_several() -> None:
    ticket = a_ticket(phone_number=OTHER_NUMBER, person=a_person(trusted_numbers=("602-555-0198",)))
    assert not gathered(ticket, policy=the_policy(phone_regions=("US", "MX"))).facts.number.trusted
