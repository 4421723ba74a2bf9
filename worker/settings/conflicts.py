"""What no key can tell alone: values that don't go together."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from worker.settings.duo import NO_PRIVILEGED_GROUP
from worker.settings.settings import Settings
from worker.settings.worker import POSTGRESQL

MANDATORY: Final[Mapping[str, tuple[str, ...]]] = {
    "servicenow": ("url", "catalog_items", "hold_group"),
    "teamdynamix": ("url", "apps", "hold_group"),
}
_BY_CLIENT: Final = ("client_id", "client_secret_file")
_BY_USER: Final = ("username", "password_file")
SIGN_INS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "servicenow": {"client_credentials": _BY_CLIENT, "password": _BY_CLIENT + _BY_USER, "basic": _BY_USER},
    "teamdynamix": {
        "service_account": _BY_USER,
        "admin_key": ("beid", "web_services_key_file"),
        "gateway": ("token_url", *_BY_CLIENT),
    },
}
SEARCHES: Final = 28  # of the 30 a minute that TeamDynamix allows; the slow look for what was missed needs some
PER_KIND: Final = 60  # whoever sets more has been given more

Conflict = tuple[str, str, str]  # table, key, the rest of a sentence that begins with them


def conflicts(settings: Settings) -> Iterator[Conflict]:
    """Every conflict, the gravest first."""
    yield from _dispatch(settings)
    yield from _ticket_system(settings)
    yield from _sign_in(settings)
    yield from _proof(settings)
    yield from _passphrase(settings)
    yield from _times(settings)
    yield from _hints(settings)


def _dispatch(settings: Settings) -> Iterator[Conflict]:
    if settings.worker.dispatch == "procrastinate" and not settings.worker.state.startswith(POSTGRESQL):
        yield (
            "worker",
            "dispatch",
            f'can\'t be "procrastinate" without a ledger on PostgreSQL (state = "{POSTGRESQL}…")',
        )


def _ticket_system(settings: Settings) -> Iterator[Conflict]:
    """What the table of the chosen system needs; the other's isn't looked at."""
    table = settings.tickets.system
    chosen = settings.tickets_table
    for key in MANDATORY[table]:
        if not getattr(chosen, key):
            yield table, key, f'is missing; add it, as [tickets] system = "{table}" needs it'
    for key in SIGN_INS[table][chosen.auth]:
        if not getattr(chosen, key):
            yield table, key, f'is missing: auth = "{chosen.auth}" needs it'
    if table == "teamdynamix":
        yield from _teamdynamix(settings)


def _teamdynamix(settings: Settings) -> Iterator[Conflict]:
    apps = settings.teamdynamix.apps
    if len({app.id for app in apps}) < len(apps):
        yield "teamdynamix", "apps", "has an application twice"
    too_short = f"is too short for {len(apps)} applications: TeamDynamix allows 30 searches a minute"
    if _searches_too_often(settings, settings.worker.poll_every):
        yield "worker", "poll_every", too_short
    if settings.http.takes_hints and _searches_too_often(settings, settings.http.hint_every):
        yield "http", "hint_every", too_short


def _searches_too_often(settings: Settings, every: timedelta) -> bool:
    searches = len(settings.teamdynamix.apps) * (timedelta(minutes=1) / every)
    return searches > SEARCHES and settings.teamdynamix.calls_per_minute <= PER_KIND


def _sign_in(settings: Settings) -> Iterator[Conflict]:
    mail = settings.mail
    if bool(mail.username) != bool(mail.password_file):
        yield (
            "mail",
            "password_file" if mail.username else "username",
            "is missing: a log-in needs user name and password",
        )


def _proof(settings: Settings) -> Iterator[Conflict]:
    policy = settings.policy
    if policy.require_proof and not policy.same_login_domains:
        yield (
            "policy",
            "same_login_domains",
            ("is missing: with require_proof, name the mail domains that open with the help-site password"),
        )
    if policy.identity_groups and not policy.identity_methods:
        yield "policy", "identity_methods", "is empty: identity_groups need at least one word to write"
    if policy.retire_dead_phones and not policy.retire_check_applications:
        yield "policy", "retire_check_applications", "is missing: retire_dead_phones needs it"
    groups = settings.duo.privileged_groups
    if not groups:
        yield (
            "duo",
            "privileged_groups",
            f'is empty; name the groups, or say ["{NO_PRIVILEGED_GROUP}"] if there are none',
        )
    if NO_PRIVILEGED_GROUP in groups and len(groups) > 1:
        yield (
            "duo",
            "privileged_groups",
            f'has "{NO_PRIVILEGED_GROUP}", which means none, among other names; drop one or the other',
        )


def _passphrase(settings: Settings) -> Iterator[Conflict]:
    passphrase, table = settings.policy.passphrase, settings.tickets.system
    if passphrase == "field" and not settings.passphrase_field:
        cure = (
            "without [servicenow] passphrase_field"
            if table == "servicenow"
            else "with TeamDynamix, whose feed tells it"
        )
        yield "policy", "passphrase", f'can\'t be "field" {cure}'
    if passphrase == "ticket" and settings.tickets_table.comments_are_mailed:
        yield "policy", "passphrase", f'can\'t be "ticket" while [{table}] comments_are_mailed is true'


def _times(settings: Settings) -> Iterator[Conflict]:
    longest = max(
        settings.tickets_table.timeout, settings.duo.timeout, settings.password_pusher.timeout, settings.mail.timeout
    )
    if settings.worker.lease <= longest + timedelta(seconds=5):
        yield "worker", "lease", "is too short: it must be longer than every time-out and 5 s"
    if settings.follow_up.remind_after >= settings.follow_up.give_up_after:
        yield "follow_up", "remind_after", "must be shorter than give_up_after"


def _hints(settings: Settings) -> Iterator[Conflict]:
    http = settings.http
    if http.takes_hints and not http.listen:
        yield "http", "listen", "is empty; hints need an address to come in at"
