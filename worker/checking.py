"""`check`: everything that must be right before people rely on the worker, one finding after the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from connectors.duo import codes, policies, users
from connectors.duo.probe import probes as duo_probes
from connectors.errors import ConnectorError
from connectors.password_pusher.probe import probes as pusher_probes
from rules.facts import OPTIONS
from worker.brakes import SYSTEMS, paused_system
from worker.ledger import events, marks, views
from worker.settings import others_can_read, secret_files
from worker.shop import Shop
from worker.steps.fingerprint import PROBE, PROBED, Fingerprint, matching

PROBED_LIFE = timedelta(minutes=9, seconds=50)
LOOKED_AT = 50
UNMATCHED = ("email-differs", "not-in-duo", "several-in-duo")


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is as needed (None: worth a look, but nothing stops), and a sentence."""

    system: str
    name: str
    ok: bool | None
    sentence: str


def offline(shop: Shop) -> Iterator[Finding]:
    """What can be told without calling anybody. Configuration, tables, ledger and key were right already."""
    settings = shop.settings
    tables = shop.worker.tables
    yield Finding("worker", "configuration", True, f"mode {settings.worker.mode}, {len(OPTIONS)} options")
    versions = f"guards {tables.guards.version}, enrollment {tables.enrollment.digest}"
    yield Finding("worker", "tables", True, f"every example leads where it should ({versions})")
    yield Finding("worker", "texts", True, f"{len(shop.worker.texts.proof_read())} texts rendered")
    for table, key, path in secret_files(settings):
        if others_can_read(path):
            yield Finding("worker", f"[{table}] {key}", None, f"others can read {path}; chmod 600 it")
    if not settings.policy.require_proof:
        yield Finding("worker", "proof", None, "require_proof is false: a stolen password is enough for a code")
    if settings.policy.guards_off:
        yield Finding("worker", "guards", None, f"switched off: {', '.join(settings.policy.guards_off)}")
    if not settings.mail.notice_copy:
        yield Finding(
            "worker", "notices", None, "[mail] notice_copy is empty: nobody is told of people with one address"
        )


def online(shop: Shop) -> Iterator[Finding]:
    """Harmless questions to every system that isn't paused. Nothing is changed anywhere."""
    paused = {system: why for system in SYSTEMS if (why := paused_system(shop.ledger, system))}
    for system, why in paused.items():
        sentence = f"wasn't asked, as it is paused ({why}); once that is mended: duo-worker resume, then check again"
        yield Finding(system, "paused", False, sentence)
    tickets = shop.worker.systems.tickets.system
    asked: tuple[tuple[set[str], Callable[[Shop], Iterator[Finding]]], ...] = (
        ({tickets}, _of_tickets),
        ({"duo"}, _of_duo),
        ({tickets, "duo"}, _of_groups),
        ({"password_pusher"}, _of_password_pusher),
        ({"mail"}, _of_mail),
    )
    for systems, ask in asked:
        if not systems & paused.keys():
            yield from ask(shop)


def _of_tickets(shop: Shop) -> Iterator[Finding]:
    tickets = shop.worker.systems.tickets
    return (Finding(tickets.system, probe.name, probe.ok, probe.sentence) for probe in tickets.probes())


def _of_duo(shop: Shop) -> Iterator[Finding]:
    for name, ok, sentence in duo_probes(shop.worker.systems.duo, shop.worker.clock()):
        yield Finding("duo", name, ok, sentence)
    for key in shop.settings.policy.retire_check_applications:
        yield _asked("duo", f"policy of {key}", partial(_policy, shop, key))
    yield from _persons(shop)


def _of_groups(shop: Shop) -> Iterator[Finding]:
    """Those that the policy names: some are Duo's, some the ticket system's."""
    yield _asked("duo", "groups", lambda: _groups(shop))


def _of_password_pusher(shop: Shop) -> Iterator[Finding]:
    found = pusher_probes(shop.worker.systems.password_pusher)
    return (Finding("password_pusher", name, ok, sentence) for name, ok, sentence in found)


def _of_mail(shop: Shop) -> Iterator[Finding]:
    yield _asked("mail", "relay", lambda: _relay(shop))


def probe_fingerprint(shop: Shop, user_name: str) -> Finding:
    """Make a code for a test user, find it by its life among the listed, revoke it; remembered when it works."""
    name = "fingerprint of codes"
    try:
        sentence = _probe(shop, user_name)
    except ConnectorError as failed:
        return Finding("duo", name, False, failed.detail)
    if sentence:
        return Finding("duo", name, False, sentence)
    with shop.ledger.writing() as connection:
        marks.put(connection, PROBE, {}, shop.worker.clock())
    return Finding("duo", name, True, "a code whose answer is lost can be found, so that it is revoked and made anew")


def _probe(shop: Shop, user_name: str) -> str:
    duo, now = shop.worker.systems.duo, shop.worker.clock()
    found = users.find(duo, user_name)
    if len(found) != 1:
        return f"{len(found)} Duo users are called {user_name!r}; name one test user"
    sought = Fingerprint(found[0].user_id, PROBED_LIFE, now)
    before = {code.bypass_code_id for code in codes.listing(duo, sought.user_id)}
    life = int(PROBED_LIFE.total_seconds())
    with shop.ledger.writing() as connection:
        events.note(connection, None, PROBED, now, user_id=sought.user_id, valid_secs=life, at=now.isoformat())
    codes.create(duo, sought.user_id, valid_for=PROBED_LIFE, uses=1)
    made = [code for code in codes.listing(duo, sought.user_id) if code.bypass_code_id not in before]
    for code in made:
        codes.revoke(duo, code.bypass_code_id)
    if [code.bypass_code_id for code in matching(made, sought)] != [code.bypass_code_id for code in made] or not made:
        return "Duo's listing doesn't show the code with the life it was given; lost answers will end as unsure"
    return ""


def _groups(shop: Shop) -> str:
    shop.directory.refresh()
    known = shop.directory.current()
    staff = sum(len(names) for names in known.members.values())
    return f"{len(known.duo_groups)} groups, {len(known.privileged)} privileged; {staff} members of staff groups"


def _policy(shop: Shop, key: str) -> str:
    with shop.ledger.reading() as connection:
        latest = [request for request in views.listed(connection, limit=1) if request.duo_user_id]
    if not latest:
        return "no person yet to ask it for"
    found = policies.calculated(shop.worker.systems.duo, key, latest[0].duo_user_id)
    return f"new users: {found.new_user or 'not told'}; blocked: {', '.join(found.blocked_methods) or 'nothing'}"


def _relay(shop: Shop) -> str:
    shop.worker.systems.mail.sign_in()
    return "takes our mail"


def _persons(shop: Shop) -> Iterator[Finding]:
    with shop.ledger.reading() as connection:
        latest = views.listed(connection, limit=LOOKED_AT)
    if not latest:
        return
    differing = [request for request in latest if request.rule_row in UNMATCHED]
    sentence = f"{len(differing)} of the last {len(latest)} requesters weren't found in Duo as the ticket has them"
    yield Finding("duo", "persons", True if len(differing) * 5 <= len(latest) else None, sentence)


def _asked(system: str, name: str, ask: Callable[[], str]) -> Finding:
    try:
        return Finding(system, name, True, ask())
    except ConnectorError as failed:
        return Finding(system, name, False, failed.detail)
