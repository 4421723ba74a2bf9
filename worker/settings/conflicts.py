"""What no key can tell alone: values that don't go together, or that this version can't serve."""

from collections.abc import Iterator
from datetime import timedelta

from worker.settings.duo import NO_PRIVILEGED_GROUP
from worker.settings.settings import Settings
from worker.settings.worker import POSTGRESQL

Conflict = tuple[str, str, str]  # table, key, the rest of a sentence that begins with them


def conflicts(settings: Settings) -> Iterator[Conflict]:
    """Every conflict, the gravest first."""
    yield from _not_in_this_version(settings)
    yield from _dispatch(settings)
    yield from _sign_in(settings)
    yield from _proof(settings)
    yield from _passphrase(settings)
    yield from _times(settings)


def _not_in_this_version(settings: Settings) -> Iterator[Conflict]:
    if settings.tickets.system == "teamdynamix":
        yield "tickets", "system", 'can\'t be "teamdynamix": not in this version; use "servicenow"'


def _dispatch(settings: Settings) -> Iterator[Conflict]:
    if settings.worker.dispatch == "procrastinate" and not settings.worker.state.startswith(POSTGRESQL):
        yield (
            "worker",
            "dispatch",
            f'can\'t be "procrastinate" without a ledger on PostgreSQL (state = "{POSTGRESQL}…")',
        )


def _sign_in(settings: Settings) -> Iterator[Conflict]:
    servicenow, mail = settings.servicenow, settings.mail
    by_client = ("client_id", "client_secret_file")
    by_user = ("username", "password_file")
    wanted = {"client_credentials": by_client, "password": by_client + by_user, "basic": by_user}[servicenow.auth]
    for key in wanted:
        if not getattr(servicenow, key):
            yield "servicenow", key, f'is missing: auth = "{servicenow.auth}" needs it'
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
    if NO_PRIVILEGED_GROUP in groups and len(groups) > 1:
        yield (
            "duo",
            "privileged_groups",
            f'has "{NO_PRIVILEGED_GROUP}", which means none, among other names; drop one or the other',
        )


def _passphrase(settings: Settings) -> Iterator[Conflict]:
    passphrase, servicenow = settings.policy.passphrase, settings.servicenow
    if passphrase == "field" and not servicenow.passphrase_field:
        yield "policy", "passphrase", 'can\'t be "field" without [servicenow] passphrase_field'
    if passphrase == "ticket" and servicenow.comments_are_mailed:
        yield "policy", "passphrase", 'can\'t be "ticket" while [servicenow] comments_are_mailed is true'


def _times(settings: Settings) -> Iterator[Conflict]:
    longest = max(
        settings.servicenow.timeout, settings.duo.timeout, settings.password_pusher.timeout, settings.mail.timeout
    )
    if settings.worker.lease <= longest + timedelta(seconds=5):
        yield "worker", "lease", "is too short: it must be longer than every time-out and 5 s"
    if settings.follow_up.remind_after >= settings.follow_up.give_up_after:
        yield "follow_up", "remind_after", "must be shorter than give_up_after"
