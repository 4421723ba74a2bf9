"""The one module that builds clients, opens the ledger, reads the clock and the environment. Decides nothing."""

import os
import secrets
import socket
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from connectors.duo.transport import Admin
from connectors.mail import Mailer
from connectors.password_pusher import PasswordPusher
from connectors.secret import Secret
from worker import configured
from worker.case import Clock
from worker.directory_kept import KeptDirectory
from worker.fresh import FreshTickets
from worker.gates import Turnstile, gate, log_gate
from worker.hints import WEAK, Door, is_hard_to_guess
from worker.ledger import marks
from worker.ledger.database import Ledger
from worker.ledger.migrate import BORN, open_ledger
from worker.ledger.seal import Keys, UnusableKey
from worker.poll import Polling
from worker.rule_tables import RuleTables
from worker.settings import ConfigError, Settings, load, read_secret
from worker.shop import Shop, current
from worker.telephony import TelephonyLog
from worker.texts import load as load_texts
from worker.wiring_tickets import ca, ticket_system, ticket_turnstile, writes_are_calls
from worker.worker import Spans, Systems, Worker

PLACES = (Path("config.toml"), Path("/etc/duo-worker/config.toml"))


def now() -> datetime:
    """The clock of the whole program."""
    return datetime.now(UTC)


def settings(file: Path | None, environ: Mapping[str, str] = os.environ) -> Settings:
    """The configuration: of `file`, else DUO_WORKER_CONFIG, else the first of PLACES that is there.

    Raises:
        ConfigError: It can't be used.
    """
    return load(_place(file, environ), environ)


def is_configured(file: Path | None, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a configuration was named, or is in one of the usual places."""
    return file is not None or bool(environ.get("DUO_WORKER_CONFIG")) or _place(None, environ).is_file()


def _place(file: Path | None, environ: Mapping[str, str]) -> Path:
    named = file or (Path(environ["DUO_WORKER_CONFIG"]) if environ.get("DUO_WORKER_CONFIG") else None)
    return named or next((place for place in PLACES if place.is_file()), PLACES[0])


def keys(settings: Settings) -> Keys:
    """The keys of the key file.

    Raises:
        ConfigError: It holds no usable key.
    """
    lines = read_secret(settings.worker.key_file).reveal().split()
    try:
        return Keys(lines)
    except UnusableKey as unusable:
        raise ConfigError(f"{settings.worker.key_file}: {unusable}") from unusable


def ledger(settings: Settings) -> Ledger:
    """The ledger, checked.

    Raises:
        ConfigError, LedgerError: It or its key can't be used.
    """
    return open_ledger(settings.worker.state, keys(settings))


def door(settings: Settings) -> Door | None:
    """Who may hint that something changed; None: nobody.

    Raises:
        ConfigError: A secret for it can't be used.
    """
    http = settings.http
    if not http.takes_hints:
        return None
    return Door(_long(http.hint_key_file), _long(http.hint_token_file), now)


def _long(file: Path | None) -> Secret | None:
    if file is None:
        return None
    secret = read_secret(file)
    if not is_hard_to_guess(secret):
        raise ConfigError(f"{file} {WEAK}; make one with: openssl rand -hex 32")
    return secret


def shop(
    settings: Settings,
    ledger: Ledger,
    *,
    owner: str = "worker",
    since: datetime | None = None,
    clock: Clock = now,
    stop: threading.Event | None = None,
) -> Shop:
    """The tools, none of which has called anybody yet. `since` overrides `start_from`, `stop` ends every wait.

    Raises:
        ConfigError, TableError, TextError: A secret, a table or a text can't be used.
    """
    stop, renewals = stop or threading.Event(), current(ledger)
    turnstiles = _turnstiles(settings, ledger, stop)
    systems = _systems(settings, ledger, turnstiles, stop, clock)
    directory = KeptDirectory(
        ledger,
        systems.duo,
        systems.tickets,
        privileged=settings.duo.privileged_groups,
        staff=(*settings.policy.identity_groups, *settings.policy.service_desk_groups),
        clock=clock,
    )
    ahead = {
        name: turnstile for name, turnstile in turnstiles.items() if name != "tickets" or writes_are_calls(settings)
    }
    worker = _worker(settings, ledger, systems, directory, ahead, owner=owner, clock=clock, renewals=renewals)
    polling = Polling(
        ledger=ledger,
        tickets=systems.tickets,
        fresh=worker.tickets,
        start_from=since or settings.worker.start_from or _born(ledger),
        foreign_rows_max=settings.policy.foreign_rows_max,
        afresh=since is not None,
    )
    return Shop(settings, ledger, worker, polling, directory, stop)


def _worker(
    settings: Settings,
    ledger: Ledger,
    systems: Systems,
    directory: KeptDirectory,
    turnstiles: Mapping[str, Turnstile],
    *,
    owner: str,
    clock: Clock,
    renewals: Mapping[str, int],
) -> Worker:
    policy = settings.policy
    return Worker(
        ledger=ledger,
        systems=systems,
        tickets=FreshTickets(systems.tickets, clock),
        directory=directory.current,
        tables=RuleTables(settings.rules.enrollment, settings.rules.follow_up, guards_off=policy.guards_off),
        texts=load_texts(settings.support),
        policy=configured.policy(settings),
        delivery=configured.delivery(settings),
        clock=clock,
        owner=f"{owner}:{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}",  # containers share both
        lease=settings.worker.lease,
        shadow=settings.worker.mode == "shadow",
        guards_off=policy.guards_off,
        spans=Spans(policy.codes_per_person.per, policy.per_opener.per, policy.reset_window),
        follow_up=configured.follow_up(settings),
        renewals=renewals,
        telephony=TelephonyLog(clock),
        turnstiles=turnstiles,
    )


def _turnstiles(settings: Settings, ledger: Ledger, stop: threading.Event) -> Mapping[str, Turnstile]:
    """By what is called: what every call passes."""
    duo, pusher, mail = settings.duo, settings.password_pusher, settings.mail
    limits = {
        "duo": (duo.calls_per_minute, duo.timeout),
        "password_pusher": (pusher.calls_per_minute, pusher.timeout),
        "mail": (mail.messages_per_minute, mail.timeout),
    }
    return {
        "tickets": ticket_turnstile(settings, ledger, stop),
        **{
            system: gate(ledger, system, calls_per_minute=calls, timeout=timeout, stop=stop)
            for system, (calls, timeout) in limits.items()
        },
    }


def _systems(
    settings: Settings, ledger: Ledger, turnstiles: Mapping[str, Turnstile], stop: threading.Event, clock: Clock
) -> Systems:
    duo, pusher, mail = settings.duo, settings.password_pusher, settings.mail
    return Systems(
        tickets=ticket_system(settings, ledger, turnstiles["tickets"], stop, clock),
        duo=Admin(
            host=duo.host,
            port=duo.port,
            integration_key=duo.integration_key,
            secret_key=read_secret(duo.secret_key_file),
            ca_file=ca(duo.ca_file),
            timeout=duo.timeout,
            gate=turnstiles["duo"],
            stop=stop,
            log_gate=log_gate(ledger, clock),
        ),
        password_pusher=PasswordPusher(
            pusher.url,
            token=read_secret(pusher.token_file),
            ca_file=ca(pusher.ca_file),
            timeout=pusher.timeout,
            gate=turnstiles["password_pusher"],
            stop=stop,
        ),
        mail=Mailer(
            host=mail.host,
            port=mail.port,
            starttls=mail.starttls,
            username=mail.username,
            password=read_secret(mail.password_file) if mail.password_file else None,
            ca_file=ca(mail.ca_file),
            sender=mail.sender,
            timeout=mail.timeout,
            gate=turnstiles["mail"],
        ),
    )


def _born(ledger: Ledger) -> datetime:
    with ledger.reading() as connection:
        born = marks.get(connection, BORN)
    return (now() if born is None else born[1]).replace(microsecond=0)
