"""The person in Duo."""

from dataclasses import replace

import rules.facts
from connectors.duo.model import User
from worker.addresses import Addresses, agree
from worker.directory import Directory
from worker.facts.in_duo import InDuo
from worker.facts.phones import about_phone, has_other_devices, is_working, only_dead_phones
from worker.facts.settings import PolicySettings
from worker.tickets.ticket import Person

_STATUSES = ("active", "bypass", "disabled", "locked out", "pending deletion")


def about_user(
    in_duo: InDuo,
    person: Person,
    addresses: Addresses,
    *,
    directory: Directory,
    settings: PolicySettings,
    made_phone_ids: frozenset[str],
) -> rules.facts.User:
    """The one who is meant; with nobody or several, how many there are and what is known of the person without Duo.

    `email_known` says that there is an address on file, Duo's own or a trusted one: without one nothing can be sent.
    """
    person_only = rules.facts.User(
        matches=len(in_duo.matches),
        email_known=addresses.link_to != "",
        on_service_desk=directory.is_member(person.user_name, settings.service_desk_groups),
        checks_identity=directory.is_member(person.user_name, settings.identity_groups),
    )
    if in_duo.user is None:
        return person_only
    return _with_devices(_with_account(person_only, in_duo.user, person, directory), in_duo.user, made_phone_ids)


def _with_account(known: rules.facts.User, user: User, person: Person, directory: Directory) -> rules.facts.User:
    return replace(
        known,
        found=True,
        status=user.status if user.status in _STATUSES else "other",
        email_agrees=agree(user.email, person.email) or not (user.email and person.email),
        has_logged_in=user.last_login is not None,
        privileged=any(group.name in directory.privileged for group in user.groups),
        inactive_group=next((group.name for group in user.groups if not directory.is_active(group)), ""),
    )


def _with_devices(account: rules.facts.User, user: User, made_phone_ids: frozenset[str]) -> rules.facts.User:
    return replace(
        account,
        phones=tuple(about_phone(phone, made_phone_ids) for phone in user.phones),
        has_device=bool(user.phones) or has_other_devices(user),
        working_factor=has_other_devices(user) or any(is_working(phone) for phone in user.phones),
        only_dead_phones=only_dead_phones(user),
    )
