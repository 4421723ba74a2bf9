"""What could make a secret slip, a part of a life each.

Delivered, enrolled, held, refused, taken back, given up; answers lost, words echoed, credentials wrong, a bug.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from connectors.sandbox.faults.rule import Rule
from connectors.sandbox.people import KINDS
from connectors.sandbox.worker_config import Auth
from tests.rig import DUO_MOBILE, IDENTITY, SECURITY_KEY, System
from tests.secrets.hostile import Broken, echoing, refusing
from tests.secrets.life import CHANGES, MINUTE, Life, Part
from worker import wiring
from worker.cli.ending import BUG, ending
from worker.once import once
from worker.operating import revoke

WRONG: Final = "a-wrong-secret-kX93vb"
SIGN_IN_FILE: Final[dict[System, str]] = {"servicenow": "servicenow-client", "teamdynamix": "teamdynamix"}
SETTLED: Final = 4 * MINUTE
LOST_AT_THE_HELP_SITE: Final[dict[System, tuple[Rule, ...]]] = {
    "servicenow": (
        Rule("servicenow", "half", method="PATCH", chance=0.15),
        Rule("servicenow", "error after", method="PATCH", chance=0.1),
    ),
    "teamdynamix": (
        Rule("teamdynamix", "half", method="POST", route="feed", chance=0.15),
        Rule("teamdynamix", "error after", method="PATCH", chance=0.1),
    ),
}
LOSSES: Final = (
    Rule("mail", "421 at hello", nth=2),
    Rule("duo", "reset after", method="POST", chance=0.2),
    Rule("duo", "error after", method="POST", chance=0.1),
    Rule("password_pusher", "half", method="POST", chance=0.2),
    Rule("password_pusher", "error before", method="POST", chance=0.2),
    Rule("password_pusher", "reset before", method="DELETE", chance=0.3),
    Rule("mail", "554 at the end", chance=0.1),
    Rule("mail", "hung up after", chance=0.1),
)
LOST_FOR: Final = ("never_activated", "no_phone", "never_logged_in", "two_aliases", "working_app", "personal_address")


def serve(life: Life) -> None:
    """Every kind of person, checked by the desk, and one of each option that needs none."""
    sandbox = life.rig.sandbox
    _file_for_a_mail_of_duos(life)
    checked = [life.file(sandbox.person(kind), SECURITY_KEY) for kind in KINDS]
    life.file(life.newcomer("platform_unknown"), DUO_MOBILE)
    life.rig.clock.pass_(MINUTE)
    for filed in checked:
        life.rig.site.work_note(filed.task.number, IDENTITY, "#verified photo-id-in-person")
    life.once()


def doubt(life: Life) -> None:
    """Duo's answer with a code is lost while nothing has proved that such a code can be found: unsure."""
    life.rig.sandbox.faults.set(Rule("duo", "reset after", method="POST", route="bypass_codes"))
    life.file(life.newcomer(), SECURITY_KEY)
    life.once()
    life.once(SETTLED)


def serve_some(life: Life) -> None:
    """Whoever needs nobody: a code, a text, a mail of Duo's; the relay is busy for a moment."""
    life.rig.sandbox.faults.set(Rule("mail", "421 at hello", nth=2))
    _file_for_a_mail_of_duos(life)
    for _ in range(3):
        life.file(life.newcomer(), SECURITY_KEY)
    life.file(life.newcomer("never_activated"), DUO_MOBILE)
    life.once()


def _file_for_a_mail_of_duos(life: Life) -> None:
    """With an approval, which proves something; where it doesn't (decision 0027), checked by the desk."""
    approved = life.rig.system == "servicenow"
    approval = "requested" if approved else "not requested"
    filed = life.file(life.newcomer("no_phone"), SECURITY_KEY, "enrollment_link", approval=approval)
    if approved:
        life.rig.site.approve(filed.item.number, "approver.ada")
    else:
        life.rig.site.work_note(filed.task.number, IDENTITY, "#verified photo-id-in-person")


def lose(life: Life) -> None:
    """Answers are lost on every way, with and without proof that codes can be found."""
    sandbox = life.rig.sandbox
    sandbox.faults.set(*LOSSES, *LOST_AT_THE_HELP_SITE[life.rig.system])
    checked = [life.file(sandbox.person(kind, 1), DUO_MOBILE, "bypass_code") for kind in LOST_FOR]
    life.rig.clock.pass_(MINUTE)
    for filed in checked:
        life.rig.site.work_note(filed.task.number, IDENTITY, "#verified photo-id-in-person")
    life.once()
    life.rig.prove_fingerprint()
    life.once(SETTLED)
    life.once(SETTLED)


def take_back(life: Life) -> None:
    """By the desk, by closing, by command."""
    rig = life.rig
    one, two, three, *_ = [filed for filed in life.filed if rig.request(filed).state == "awaiting"]
    rig.site.work_note(one.task.number, "desk.dana", "#revoke")
    rig.site.close(two.task.number, "technician.tom")
    life.once()
    revoke(rig.shop, rig.request(three), "an operator")


def echo(life: Life) -> None:
    """Every system says back what it was sent, headers included, with every status that says no."""
    sandbox = life.rig.sandbox
    for system in (life.rig.system, "duo", "password_pusher", "mail"):
        for _ in range(3):
            life.file(life.newcomer(), SECURITY_KEY)
        app = sandbox.servers[system].app if system in sandbox.servers else None
        if app is None:
            sandbox.mail.app = refusing
        else:
            sandbox.servers[system].app = echoing(app, system)
        life.once()
        sandbox.mail.app = sandbox.mail.keep
        if app is not None:
            sandbox.servers[system].app = app
    life.once(SETTLED)


def misconfigure(life: Life) -> None:
    """Each secret in turn is a wrong one."""
    _misconfigure(life, (SIGN_IN_FILE[life.rig.system], "duo", "password-pusher", "mail"))


def misconfigure_duo(life: Life) -> None:
    """Duo's secret key is a wrong one."""
    _misconfigure(life, ("duo",))


def _misconfigure(life: Life, names: tuple[str, ...]) -> None:
    """A wrong secret is as secret."""
    life.planted.add("a wrong secret", WRONG)
    for name in names:
        file = life.folder / "secrets" / name
        right = file.read_text(encoding="utf-8")
        file.write_text(f"{WRONG}\n", encoding="utf-8")
        life.rewire()
        life.file(life.newcomer(), SECURITY_KEY)
        life.once()
        file.write_text(right, encoding="utf-8")
    life.rewire()
    life.once(SETTLED)


def sign_in_otherwise(life: Life) -> None:
    """In every other way that there is."""
    rig, known = life.rig, life.rig.settings
    for auth, table in _ways(life):
        changes = {**CHANGES, rig.system: {**CHANGES[rig.system], **table}}
        rig.settings = wiring.settings(rig.sandbox.config(life.folder, changes, auth=auth, tickets=rig.system), {})
        life.rewire()
        life.once()
    rig.sandbox.config(life.folder, CHANGES, tickets=rig.system)
    rig.settings = known
    life.rewire()


def _ways(life: Life) -> tuple[tuple[Auth, dict[str, str]], ...]:
    """With the account's password, in both ways; by the organisation's key. And the table's keys for it."""
    if life.rig.system == "servicenow":
        return ("password", {}), ("basic", {})
    beid = life.rig.sandbox.teamdynamix.credentials.beid
    key = {"auth": "admin_key", "beid": beid, "web_services_key_file": "secrets/teamdynamix-key"}
    return (("client_credentials", key),)


def meet_a_bug(life: Life) -> None:
    """A bug between the two calls that make a code and hide it: its traceback goes to the log."""
    rig = life.rig
    life.file(life.newcomer(), SECURITY_KEY)
    systems = replace(rig.shop.worker.systems, password_pusher=Broken())  # type: ignore[arg-type]  # that is the bug
    broken = replace(rig.shop, worker=replace(rig.shop.worker, systems=systems))
    rig.clock.pass_(MINUTE)
    assert ending(lambda: once(broken)) == BUG
    life.planted.collect(rig.sandbox)


def follow_up(life: Life) -> None:
    """One person adds a key with the code and is done; another is reminded, and given up after a week."""
    rig = life.rig
    idle = life.file(life.newcomer(), SECURITY_KEY)
    newcomer = life.newcomer()
    filed = life.file(newcomer, SECURITY_KEY)
    life.once()
    assert rig.request(filed).state == "awaiting"
    (code,) = rig.sandbox.duo.codes(newcomer.user_name)
    rig.sandbox.duo.use_code(newcomer.user_name, code.digits)
    rig.sandbox.duo.register_key(newcomer.user_name)
    for after in (11 * MINUTE, timedelta(days=1), timedelta(days=7)):
        life.once(after)
    assert (rig.request(filed).how, rig.request(idle).state) == ("enrolled", "held")


WHOLE: Final[tuple[Part, ...]] = (
    follow_up, serve, doubt, lose, take_back, echo, misconfigure, sign_in_otherwise, meet_a_bug,
)  # fmt: skip
SMALL: Final[tuple[Part, ...]] = (serve_some, doubt, take_back, echo, misconfigure_duo, meet_a_bug)
