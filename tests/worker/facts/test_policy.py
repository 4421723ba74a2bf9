from datetime import timedelta

from rules.facts import History, Limits
from tests.builders import NOW, a_directory, a_phone, a_ticket, a_user, a_working_phone, known, the_policy
from tests.duo_of_values import DuoOfValues
from tests.worker.facts.gathering import gathered
from worker.facts.settings import PolicySettings
from worker.tickets.ticket import Ticket

RETIRING = the_policy(retire_dead_phones=True, retire_check_applications=("DIPORTAL", "DIEMAIL"))
KEY_BY_LINK = a_ticket(device="security_key", preferred="enrollment_link")


def safe(duo: DuoOfValues, *, ticket: Ticket = KEY_BY_LINK, policy: PolicySettings = RETIRING) -> bool:
    return gathered(ticket, duo, policy=policy).facts.policy.retire_is_safe


def test_switches_and_thresholds_are_the_configurations() -> None:
    policy = the_policy(require_proof=False, create_users=True, codes_per_person=1, per_opener=2)
    facts = gathered(policy=policy).facts
    assert (facts.policy.require_proof, facts.policy.create_users) == (False, True)
    assert facts.limits == Limits(codes_per_person=1, per_opener=2, max_request_age=timedelta(days=14))


def test_history_is_the_ledgers() -> None:
    facts = gathered(knows=known(codes_recently=2, password_reset=True, other_number=True)).facts
    assert facts.history == History(codes_recently=2, password_reset=True, other_number=True)


def test_a_directory_older_than_two_hours_is_not_fresh() -> None:
    fresh, old = (a_directory(read_at=NOW - timedelta(hours=2, seconds=s)) for s in (0, 1))
    assert gathered(directory=fresh).facts.policy.directory_fresh
    assert not gathered(directory=old).facts.policy.directory_fresh


def test_dead_phones_may_go_where_duo_denies_new_users_everywhere() -> None:
    assert safe(DuoOfValues([a_user()], new_users={"DIPORTAL": "deny", "DIEMAIL": "deny-access"}))


def test_one_application_that_lets_new_users_in_keeps_the_phones() -> None:
    assert not safe(DuoOfValues([a_user()], new_users={"DIPORTAL": "deny", "DIEMAIL": "enroll"}))
    assert not safe(DuoOfValues([a_user()], new_users={"DIPORTAL": "", "DIEMAIL": "deny"}))


def test_no_application_to_check_keeps_the_phones() -> None:
    assert not safe(DuoOfValues([a_user()]), policy=the_policy(retire_dead_phones=True))


def test_duos_policy_is_asked_only_where_dead_phones_may_go() -> None:
    working = a_user(phones=(a_phone(), a_working_phone("+16025550198")))
    unasked = (
        (KEY_BY_LINK, a_user(), the_policy(retire_check_applications=("DIPORTAL",))),
        (a_ticket(device="security_key"), a_user(), RETIRING),
        (KEY_BY_LINK, working, RETIRING),
        (KEY_BY_LINK, a_user(phones=()), RETIRING),
        (KEY_BY_LINK, a_user(username="somebody.else"), RETIRING),
    )
    for ticket, user, policy in unasked:
        duo = DuoOfValues([user], new_users={"DIPORTAL": "deny", "DIEMAIL": "deny"})
        assert not safe(duo, ticket=ticket, policy=policy)
        assert duo.calls == ["GET /admin/v1/users"]
