"""The connector against the sandbox's Duo: what the calls do there, together."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from connectors.duo import codes, groups, logs, phones, policies, probe, users
from connectors.errors import Misconfigured, Refused, Unavailable, Uncertain
from connectors.sandbox.duo import Duo
from connectors.sandbox.duo.applications import PORTAL
from connectors.sandbox.duo.switches import Grant
from connectors.sandbox.http import Server
from connectors.sandbox.people import DuoPhone, DuoProfile, Person
from connectors.sandbox.tls import Certificates
from tests.connectors.duo.callers import INTEGRATION_KEY, SECRET_KEY, admin
from tests.connectors.sandbox.clock import Clock

NUMBER = "+14805550123"
OTHER_NUMBER = "+14805550199"
HOURS = timedelta(hours=8)


class Tenant:
    """A sandbox Duo with two people in it, and a client of it."""

    def __init__(self, certificates: Certificates) -> None:
        self.clock = Clock()
        self.duo = Duo(self.clock, INTEGRATION_KEY, SECRET_KEY)
        self.duo.switches.clock_skew = None  # the client signs with this machine's time
        self.server = Server("duo", self.duo.app, tls=certificates.server, clock=self.clock)
        self.admin = admin(self.server.port, str(certificates.ca_file))
        self.user_id = self.add("mpark", DuoPhone(NUMBER))
        self.add("jdoe", DuoPhone("+14805550177", "apple ios", activated=True))

    def add(self, name: str, *devices: DuoPhone) -> str:
        profile = DuoProfile(
            phones=devices, groups=("Students",), email=f"{name}@example.edu", aliases=(f"{name}-old",)
        )
        return self.duo.add_person(Person(name, "Min", "Park", f"{name}@example.edu", duo=profile))


@pytest.fixture
def tenant(loopback: Certificates) -> Iterator[Tenant]:
    tenant = Tenant(loopback)
    yield tenant
    tenant.server.stop()


def test_a_person_is_found_by_name_alias_and_address(tenant: Tenant) -> None:
    for found in (
        users.find(tenant.admin, "MPARK"),
        users.find(tenant.admin, "mpark-old"),
        users.find_by_email(tenant.admin, "MPark@example.edu"),
    ):
        assert [user.user_id for user in found] == [tenant.user_id]
    assert users.find(tenant.admin, "nobody") == ()
    assert users.read(tenant.admin, "DU00000000000000000X") is None


def test_a_person_comes_with_their_devices(tenant: Tenant) -> None:
    user = users.read(tenant.admin, tenant.user_id)
    assert user is not None
    assert (user.username, user.aliases, user.email, user.status) == (
        "mpark",
        ("mpark-old",),
        "mpark@example.edu",
        "active",
    )
    assert [group.name for group in user.groups] == ["Students"]
    (phone,) = user.phones
    assert (phone.number, phone.type, phone.platform, phone.activated) == (NUMBER, "mobile", "unknown", False)


def test_a_code_works_as_often_as_asked_and_other_codes_stay(tenant: Tenant) -> None:
    agents = tenant.duo.issue_code("mpark")
    code = codes.create(tenant.admin, tenant.user_id, valid_for=HOURS, uses=2)
    taken = [tenant.duo.use_code("mpark", code.reveal()) for _ in range(3)]
    assert taken == [True, True, False]
    assert tenant.duo.use_code("mpark", agents)


def test_a_code_is_told_from_others_by_its_times_and_revoked(tenant: Tenant) -> None:
    tenant.duo.issue_code("mpark", valid_for=timedelta(hours=1))
    codes.create(tenant.admin, tenant.user_id, valid_for=HOURS - timedelta(seconds=10), uses=2)
    listed = codes.listing(tenant.admin, tenant.user_id)
    lives = {code.expiration - code.created: code for code in listed if code.expiration}
    ours = lives[HOURS - timedelta(seconds=10)]
    assert ours.reuse_count == 2
    codes.revoke(tenant.admin, ours.bypass_code_id)
    codes.revoke(tenant.admin, ours.bypass_code_id)
    assert len(tenant.duo.codes("mpark")) == 1


def test_a_hundredth_and_first_code_is_uncertain_and_none_is_made(tenant: Tenant) -> None:
    for _ in range(100):
        tenant.duo.issue_code("mpark")
    with pytest.raises(Uncertain):
        codes.create(tenant.admin, tenant.user_id, valid_for=HOURS, uses=2)
    assert len(codes.listing(tenant.admin, tenant.user_id)) == 100


def test_all_pages_of_a_list_are_read_however_short_they_are(tenant: Tenant) -> None:
    tenant.duo.switches.page_cap = 7
    for _ in range(20):
        tenant.duo.issue_code("mpark")
    assert len(codes.listing(tenant.admin, tenant.user_id)) == 20


def test_an_activation_is_refused_until_the_platform_is_set(tenant: Tenant) -> None:
    phone = phones.by_number(tenant.admin, NUMBER)
    assert phone is not None
    assert phone.user_ids == (tenant.user_id,)
    with pytest.raises(Refused, match="platform"):
        phones.text_activation(tenant.admin, phone.phone_id, valid_for=timedelta(hours=1))
    phones.set_platform(tenant.admin, phone.phone_id, "generic smartphone")
    phones.set_platform(tenant.admin, phone.phone_id, "generic smartphone")
    phones.text_activation(tenant.admin, phone.phone_id, valid_for=timedelta(hours=1))
    assert tenant.duo.activate("mpark", NUMBER)
    activated = phones.read(tenant.admin, phone.phone_id)
    assert activated is not None
    assert activated.activated
    assert "push" in activated.capabilities


def test_a_phone_is_made_attached_and_detached(tenant: Tenant) -> None:
    assert phones.by_number(tenant.admin, OTHER_NUMBER) is None
    made = phones.create(tenant.admin, number=OTHER_NUMBER, platform="google android")
    assert made.user_ids == ()
    for _ in range(2):
        users.attach_phone(tenant.admin, tenant.user_id, made.phone_id)
    found = phones.by_number(tenant.admin, OTHER_NUMBER)
    assert found is not None
    assert found.user_ids == (tenant.user_id,)
    for _ in range(2):
        users.detach_phone(tenant.admin, tenant.user_id, made.phone_id)
    found = phones.read(tenant.admin, made.phone_id)
    assert found is not None
    assert found.user_ids == ()


def test_a_number_that_is_taken_is_refused(tenant: Tenant) -> None:
    with pytest.raises(Refused) as raised:
        phones.create(tenant.admin, number=NUMBER, platform="apple ios")
    assert raised.value.code == "40003"


def test_an_enrolment_mail_goes_to_a_person_without_devices_only(tenant: Tenant) -> None:
    made = users.create(
        tenant.admin, username="newcomer", email="newcomer@example.edu", first_name="New", last_name="Comer"
    )
    assert users.find(tenant.admin, "newcomer")[0].user_id == made.user_id
    users.enroll(tenant.admin, username="newcomer", email="newcomer@example.edu", valid_for=timedelta(days=1))
    assert [(mail.user_id, mail.to) for mail in tenant.duo.enrollment_mails] == [(made.user_id, "newcomer@example.edu")]
    with pytest.raises(Refused):
        users.enroll(tenant.admin, username="mpark", email="mpark@example.edu", valid_for=timedelta(days=1))


def test_a_new_key_is_seen_on_the_person(tenant: Tenant) -> None:
    key = tenant.duo.register_key("mpark")
    user = users.read(tenant.admin, tenant.user_id)
    assert user is not None
    (credential,) = user.webauthn_credentials
    assert (credential.webauthnkey, credential.registered_as) == (key, "cross-platform")
    assert credential.date_added == tenant.clock()


def test_an_older_account_tells_less_of_a_key(tenant: Tenant) -> None:
    tenant.duo.switches.sparse_credentials = True
    tenant.duo.register_key("mpark")
    user = users.read(tenant.admin, tenant.user_id)
    assert user is not None
    assert user.webauthn_credentials[0].registered_as == ""


def test_the_status_of_a_group_is_told_by_the_groups_alone(tenant: Tenant) -> None:
    tenant.duo.set_group_status("Students", "bypass")
    assert {group.name: group.status for group in groups.listing(tenant.admin)}["Students"] == "bypass"
    user = users.read(tenant.admin, tenant.user_id)
    assert user is not None
    assert [group.status for group in user.groups] == [""]


@pytest.mark.parametrize("as_text", [False, True])
def test_a_policy_is_calculated_for_one_person_at_one_application(tenant: Tenant, as_text: bool) -> None:
    tenant.duo.switches.policy_lists_as_text = as_text
    tenant.duo.set_policy(PORTAL, blocked=("sms", "bypass"), new_user="deny")
    policy = policies.calculated(tenant.admin, PORTAL, tenant.user_id)
    assert (policy.new_user, set(policy.blocked_methods)) == ("deny", {"sms", "bypass"})


def test_texts_and_logins_are_logged(tenant: Tenant) -> None:
    since = tenant.clock() - timedelta(minutes=1)
    phone = phones.by_number(tenant.admin, NUMBER)
    assert phone is not None
    phones.set_platform(tenant.admin, phone.phone_id, "apple ios")
    phones.text_activation(tenant.admin, phone.phone_id, valid_for=timedelta(hours=1))
    code = codes.create(tenant.admin, tenant.user_id, valid_for=HOURS, uses=1)
    tenant.duo.use_code("mpark", code.reveal())
    tenant.clock.advance(timedelta(minutes=5))
    texts = logs.telephony(tenant.admin, since, tenant.clock()).events
    assert {(event.type, event.phone) for event in texts} == {("sms", NUMBER)}
    logins = logs.authentication(tenant.admin, since, tenant.clock()).events
    assert [(event.user_id, event.factor, event.result) for event in logins] == [
        (tenant.user_id, "bypass_code", "success")
    ]
    assert logins[0].application == "Device Management Portal"


def test_the_rights_that_are_missing_are_found_and_nothing_is_changed(tenant: Tenant) -> None:
    code = tenant.duo.issue_code("mpark")
    tenant.duo.grants.discard(Grant.READ_LOG)
    findings = {name: granted for name, granted, _ in probe.probes(tenant.admin, tenant.clock()) if name != "clock"}
    assert findings == {
        "Grant resource - Read": True,
        "Grant resource - Write": True,
        "Grant read log": False,
    }
    tenant.duo.grants.clear()
    assert not any(granted for name, granted, _ in probe.probes(tenant.admin, tenant.clock()) if name != "clock")
    tenant.duo.grants.update(Grant)
    assert tenant.duo.use_code("mpark", code)


def test_a_missing_right_is_a_mistake_in_the_settings(tenant: Tenant) -> None:
    tenant.duo.grants.discard(Grant.WRITE_RESOURCE)
    with pytest.raises(Misconfigured, match="Write"):
        codes.create(tenant.admin, tenant.user_id, valid_for=HOURS, uses=2)


def test_a_wrong_clock_is_named(tenant: Tenant) -> None:
    tenant.duo.switches.clock_skew = timedelta(minutes=5)
    tenant.clock.advance(timedelta(days=4000))
    with pytest.raises(Misconfigured, match=r"clock is \d+ s behind Duo's"):
        users.read(tenant.admin, tenant.user_id)


def test_wrong_keys_are_a_mistake_in_the_settings(tenant: Tenant) -> None:
    tenant.admin.ikey = "DIXXXXXXXXXXXXXXXXXX"
    with pytest.raises(Misconfigured, match="integration_key"):
        users.read(tenant.admin, tenant.user_id)


def test_duos_own_limit_is_unavailable_for_a_while(tenant: Tenant) -> None:
    for kind in tenant.duo.limits:
        tenant.duo.limits[kind] = 0
    with pytest.raises(Unavailable) as raised:
        users.read(tenant.admin, tenant.user_id)
    assert raised.value.retry_after
