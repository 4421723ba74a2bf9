from dataclasses import replace

from connectors.duo.model import Phone
from rules.facts import Smartphone
from tests.builders import NUMBER, OTHER_NUMBER, a_phone, a_ticket, a_user, known
from tests.duo_of_values import DuoOfValues
from tests.worker.facts.gathering import gathered, with_user


def test_the_only_mobile_on_record_is_the_one_to_text() -> None:
    one = with_user(phones=(a_phone(), a_phone(OTHER_NUMBER, type="landline")))
    assert one.facts.usable_smartphone == Smartphone(found=True, id=a_phone().phone_id)
    assert (one.smartphone_id, one.number) == (a_phone().phone_id, NUMBER)


def test_two_mobiles_are_ambiguous_and_neither_is_texted() -> None:
    two = with_user(phones=(a_phone(), a_phone(OTHER_NUMBER)))
    assert two.facts.usable_smartphone == Smartphone(ambiguous=True)
    assert (two.smartphone_id, two.number) == ("", "")


def test_the_typed_number_chooses_among_the_phones_on_record() -> None:
    duo = DuoOfValues([a_user(phones=(a_phone(), a_phone(OTHER_NUMBER)))])
    chosen = gathered(a_ticket(phone_number=OTHER_NUMBER), duo)
    assert chosen.facts.usable_smartphone.id == chosen.smartphone_id == a_phone(OTHER_NUMBER).phone_id
    assert chosen.number == OTHER_NUMBER


def test_a_typed_number_that_is_not_on_record_is_never_one_to_text() -> None:
    new = gathered(a_ticket(phone_number=OTHER_NUMBER))
    assert new.facts.usable_smartphone == Smartphone()
    assert (new.smartphone_id, new.number) == ("", OTHER_NUMBER)


def test_a_tablet_without_a_number_is_never_the_one_to_text() -> None:
    tablet = Phone(phone_id="DPTABLET", type="mobile", platform="apple ios")
    assert with_user(phones=(tablet,)).facts.usable_smartphone == Smartphone()


def test_somebody_who_wants_a_key_is_not_texted() -> None:
    assert gathered(a_ticket(device="security_key")).facts.usable_smartphone == Smartphone()


def test_a_phone_that_another_user_has_too_is_shared() -> None:
    shared = gathered(duo=DuoOfValues([a_user(), a_user(user_id="DUOTHER", username="pat.lopez")]))
    assert shared.facts.usable_smartphone.shared


def test_a_phone_that_went_to_somebody_else_meanwhile_is_not_found() -> None:
    duo = DuoOfValues([a_user()])
    duo.phones = (replace(a_phone(), user_ids=("DUOTHER",)),)
    assert gathered(duo=duo).facts.usable_smartphone == Smartphone()


def test_a_phone_that_was_deleted_meanwhile_is_not_found() -> None:
    duo = DuoOfValues([a_user()])
    duo.phones = ()
    assert gathered(duo=duo).facts.usable_smartphone == Smartphone()


def test_what_the_phone_is_like_is_passed_on() -> None:
    phone = a_phone(platform="google android", activated=True)
    made = known(made_phone_ids=frozenset({phone.phone_id}))
    found = gathered(duo=DuoOfValues([a_user(phones=(phone,))]), knows=made).facts.usable_smartphone
    assert (found.activated, found.platform_known, found.made_by_worker) == (True, True, True)
