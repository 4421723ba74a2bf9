from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from connectors.duo.model import Group
from connectors.errors import Misconfigured
from tests.builders import DESK, NOW, a_directory
from tests.duo_of_values import DuoOfValues
from worker import directory
from worker.directory import Directory

GROUPS = (
    Group("DG1", "Duo Admins", "active"),
    Group("DG2", "Staff", "active"),
    Group("DG3", "Leavers", "disabled"),
)
STAFF = ("Identity Desk", "Service Desk")


class HelpSite:
    """The ticket system's answer about its groups; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def members(self, groups: Sequence[str]) -> Mapping[str, frozenset[str]]:
        self.asked.append(tuple(groups))
        return {group: frozenset({f"{group.split()[0]}.Member"}) for group in groups}


def read(
    *privileged: str, groups: Sequence[Group] = GROUPS, staff: Sequence[str] = STAFF, site: HelpSite | None = None
) -> Directory:
    members = (site or HelpSite()).members
    return directory.read(DuoOfValues(groups=groups), members, privileged=privileged, staff=staff, now=NOW)


def test_a_reading_has_duos_groups_the_privileged_ones_and_the_staff() -> None:
    found = read("Duo Admins")
    assert found.duo_groups == {"Duo Admins": "active", "Staff": "active", "Leavers": "disabled"}
    assert found.privileged == {"Duo Admins"}
    assert found.read_at == NOW
    assert found.is_member("IDENTITY.member", STAFF)


@pytest.mark.parametrize("name", ["Duo Admin", "duo admins", "DuoAdmins"])
def test_a_privileged_group_duo_does_not_have_is_named_with_the_nearest(name: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        read("Staff", name)
    assert refused.value.system == "duo"
    assert f'"{name}"' in refused.value.detail
    assert refused.value.detail.endswith('the nearest is "Duo Admins"')


@pytest.mark.parametrize(("named", "existing"), [("DUO ADMINS", "duo admins"), ("duo admins", "DUO ADMINS")])
def test_a_group_spelt_in_another_case_is_the_nearest(named: str, existing: str) -> None:
    with pytest.raises(Misconfigured, match=f'the nearest is "{existing}"'):
        read(named, groups=(Group("DG1", existing, "active"),))


def test_where_nothing_is_near_none_is_offered() -> None:
    with pytest.raises(Misconfigured, match=r'privileged_groups: Duo has no group "Duo Admins"$'):
        read("Duo Admins", groups=())


def test_a_dash_says_on_purpose_that_there_are_no_privileged_groups() -> None:
    assert read("-").privileged == frozenset()


def test_a_dash_beside_a_name_is_a_group_that_duo_does_not_have() -> None:
    with pytest.raises(Misconfigured):
        read("Duo Admins", "-")


def test_a_group_named_twice_is_asked_for_once_and_no_group_is_not_asked_for() -> None:
    site = HelpSite()
    read("-", staff=("Service Desk", "Service Desk"), site=site)
    assert read("-", staff=(), site=site).members == {}
    assert site.asked == [("Service Desk",)]


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_groups_with_one_name_the_one_that_is_not_active_counts(order: int) -> None:
    twins = (Group("DG1", "Staff", "active"), Group("DG2", "Staff", "bypass"))
    assert not read("-", groups=twins[::order]).is_active(Group("DG1", "Staff"))


@pytest.mark.parametrize(
    ("group", "active"),
    [
        (Group("DG2", "Staff"), True),
        (Group("DG2", "Staff", "active"), True),
        (Group("DG2", "Staff", "disabled"), False),
        (Group("DG3", "Leavers"), False),
        (Group("DG3", "Leavers", "active"), False),
        (Group("DG9", "New"), False),
        (Group("DG9", "New", "active"), False),
    ],
)
def test_a_group_is_active_only_where_nothing_says_otherwise(group: Group, active: bool) -> None:
    assert a_directory().is_active(group) is active


def test_a_group_whose_status_duo_does_not_say_is_not_active() -> None:
    assert not read("-", groups=(Group("DG2", "Staff"),)).is_active(Group("DG2", "Staff"))


def test_members_are_those_of_the_named_groups_only() -> None:
    found = a_directory()
    assert found.is_member(DESK.upper(), ("Identity Desk",))
    assert not found.is_member(DESK, ("Service Desk",))
    assert not found.is_member(DESK, ())
    assert not found.is_member(DESK, ("Unknown",))


def test_a_nameless_user_is_no_member_even_of_a_group_with_a_nameless_one() -> None:
    assert not a_directory(members={"Identity Desk": frozenset({""})}).is_member("", ("Identity Desk",))


def test_a_directory_is_fresh_for_two_hours() -> None:
    found = a_directory(read_at=NOW)
    assert found.fresh(NOW)
    assert found.fresh(NOW + timedelta(hours=2))
    assert not found.fresh(NOW + timedelta(hours=2, seconds=1))


def test_a_directory_comes_back_from_its_json_unchanged() -> None:
    found = a_directory()
    assert directory.from_json(found.to_json()) == found


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"duo_groups": 3}'])
def test_json_that_is_no_directory_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Directory"):
        directory.from_json(text)


def test_a_reading_without_a_time_zone_is_refused() -> None:
    without = a_directory(read_at=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="timezone"):
        directory.from_json(without.to_json())
