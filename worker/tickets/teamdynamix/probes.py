"""Harmless questions for `check`; their sentences list the ids that an administrator copies into the configuration."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Final

from connectors.errors import ConnectorError
from connectors.teamdynamix import feed, people, reference, tickets
from connectors.teamdynamix.reference import Named
from connectors.teamdynamix.session import Tenant
from worker.tickets.system import Probe
from worker.tickets.teamdynamix.people import People
from worker.tickets.teamdynamix.settings import App, TicketSettings

SKEW: Final = timedelta(seconds=30)
LOOKED_AT: Final = timedelta(days=30)
CLASSES: Final = {"open": (1, 2), "work_in_progress": (2,), "pending": (5, 2), "closed_complete": (3,)}
WORDS: Final = {0: "none", 1: "New", 2: "InProcess", 3: "Completed", 4: "Cancelled", 5: "OnHold", 6: "Requested"}

Outcome = tuple[bool, str]
Question = tuple[str, Callable[[], Outcome]]


def probes(tenant: Tenant, settings: TicketSettings, known: People, clock: Callable[[], datetime]) -> Iterator[Probe]:
    """Asks one question after the other; a connector's error is an outcome too."""
    for name, ask in _questions(_Questions(tenant, settings, known, clock), settings):
        try:
            ok, sentence = ask()
        except ConnectorError as error:
            ok, sentence = False, error.detail
        yield Probe(name, ok, sentence)


def _questions(asked: "_Questions", settings: TicketSettings) -> Iterator[Question]:
    yield from (("account", asked.account), ("clock", asked.clock), ("applications", asked.applications))
    for app in settings.apps:
        yield f"forms of {app.id}", partial(asked.forms, app)
        yield f"statuses of {app.id}", partial(asked.statuses, app)
        yield f"attributes of {app.id}", partial(asked.attributes, app)
        yield f"assignment in {app.id}", partial(asked.assignment, app)
        yield f"tickets of {app.id}", partial(asked.tickets, app)
    yield "groups", asked.hold_group


class _Questions:
    """The questions."""

    def __init__(self, tenant: Tenant, settings: TicketSettings, known: People, clock: Callable[[], datetime]) -> None:
        self._tenant = tenant
        self._settings = settings
        self._people = known
        self._clock = clock

    def account(self) -> Outcome:
        return True, f"calls run as {self._people.my_name}"

    def clock(self) -> Outcome:
        before = self._clock()
        try:
            there = parsedate_to_datetime(self._tenant.date())
        except ValueError:
            return False, "the tenant doesn't tell its time"
        skew = max(before - there, there - self._clock(), timedelta())
        return skew <= SKEW, f"the tenant's clock is {skew.total_seconds():.0f} s off ours; {SKEW.seconds} s are well"

    def applications(self) -> Outcome:
        found = reference.applications(self._tenant)
        return _listed("applications", found, [app.id for app in self._settings.apps])

    def forms(self, app: App) -> Outcome:
        return _listed("forms", reference.forms(self._tenant, app.id), app.all_forms)

    def statuses(self, app: App) -> Outcome:
        """Each configured one is there, of a class that goes with its use, and needs a date only where one is sent."""
        found = {status.id: status for status in reference.statuses(self._tenant, app.id)}
        shown = ", ".join(f"{each.name} ({WORDS.get(each.status_class, '?')}) = {each.id}" for each in found.values())
        for use, classes in {**CLASSES, "closed_incomplete": (3, 4)}.items():
            status = found.get(getattr(app.statuses, use))
            if status is None or status.status_class not in classes:
                return (
                    False,
                    f"{use} is no status of class {' or '.join(WORDS[each] for each in classes)}; seen: {shown}",
                )
            if status.needs_date and not (use == "pending" and self._settings.pending_needs_date):
                return (
                    False,
                    f"{status.name} needs a date: set pending_needs_date, or take another status; seen: {shown}",
                )
        return True, f"seen: {shown}"

    def attributes(self, app: App) -> Outcome:
        wanted = [each for each in vars(app.attributes).values() if each]
        return _listed("attributes", reference.attributes(self._tenant, app.id), wanted)

    def assignment(self, app: App) -> Outcome:
        able = reference.assignable(self._tenant, app.id, self._people.me.uid, self._people.my_name)
        return able, f"tickets can {'' if able else 'not '}be assigned to {self._people.my_name}"

    def tickets(self, app: App) -> Outcome:
        """The newest ticket, its feed and its persons can be read."""
        forms = app.all_forms
        now, limit = self._clock(), self._settings.search_limit
        found = tickets.search(
            self._tenant, app.id, {"FormIDs": list(forms)},
            since=now - LOOKED_AT, until=now, limit=limit, fits=lambda row: row.form in forms,
        )  # fmt: skip
        if found.foreign:
            return False, f"{found.foreign} rows weren't asked for: filters are ignored"
        if not found.fit:
            return True, "no ticket of these forms in 30 days: file one and check again"
        newest = max(found.fit, key=lambda row: row.modified)
        details = tickets.read(self._tenant, app.id, newest.id)
        if details is None:
            return False, f"ticket {newest.id} is found and not shown"
        feed.entries(self._tenant, app.id, newest.id)
        person, active = self._people.person(details.requestor)
        if not active or person.user_name == person.id:
            return False, f"the requestor of {newest.id} has no {self._settings.user_name_field}, or can't be read"
        return True, f"{len(found.fit)} tickets in 30 days; the newest is shown with its feed and requestor"

    def hold_group(self) -> Outcome:
        people.group(self._tenant, self._settings.hold_group)
        return True, f"{self._settings.hold_group} is an active group"


def _listed(what: str, found: tuple[Named, ...], wanted: Iterable[int]) -> Outcome:
    """Whether all `wanted` are there; the sentence lists those that are."""
    shown = ", ".join(f"{each.name} = {each.id}{_choices(each)}" for each in found) or "none"
    missing = sorted(set(wanted) - {each.id for each in found})
    if missing:
        return False, f"no {what} {', '.join(map(str, missing))}; seen: {shown}"
    return True, f"seen: {shown}"


def _choices(named: Named) -> str:
    return f" ({' | '.join(named.choices)})" if named.choices else ""
