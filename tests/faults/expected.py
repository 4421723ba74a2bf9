"""What may come of a fault: as a rule the same as of a run without one; where the design says so, a hold instead."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace

from connectors.sandbox.calls import Call
from connectors.sandbox.faults import Rule
from tests import counted
from tests.faults.cases import Run, struck
from tests.faults.effects import Effects, Wrong

HOLDS = ("held", "unsure")
ADDED = "A new device on your Duo account"
NOT_TAKEN = ("550 at address", "554 at data", "554 at the end")
NOT_SENT = ("refused", "busy", "slow")


def verdict(run: Run, clean: Run) -> list[Wrong]:
    """All that is wrong with a run, counted."""
    found = [*run.wrongs]
    if not _stands_alike(run, clean) and not _is_excused(run, clean):
        found.append(Wrong("lost", "; ".join(differences(clean.stood, run.stood))))
    for wrong in found:
        counted.found(wrong.how)
    return found


def _stands_alike(run: Run, clean: Run) -> bool:
    return run.stood[-1] == clean.stood[-1] if run.case.settles_later else run.stood == clean.stood


def differences(one: tuple[Effects, ...], other: tuple[Effects, ...]) -> Iterator[str]:
    """Where the two stand differently."""
    for place, (before, after) in enumerate(zip(one, other, strict=False)):
        for name in (field.name for field in fields(before)):
            if getattr(before, name) != getattr(after, name):
                yield f"{place}.{name} {getattr(before, name)} → {getattr(after, name)}"


def told(found: list[tuple[Run, list[Wrong]]]) -> str:
    """For whoever reads why a test failed."""
    return "\n".join(f"{run.case}\n    " + "\n    ".join(sorted({what for _, what in what})) for run, what in found)


def makes_the_code(call: Call) -> bool:
    """Whether it makes the code or the push with it."""
    return call.method == "POST" and call.path.endswith(("/bypass_codes", "/pushes"))


def _is_excused(run: Run, clean: Run) -> bool:
    """Whether a person has it by now, as the design wants after such a fault."""
    if len(run.case.rules) > 1 or run.case.people:
        return True  # two faults may be one too many, and people decide for themselves
    held = any(effects.state in HOLDS for effects in run.stood)
    (rule,) = run.case.rules
    if rule.kind in NOT_TAKEN and _but_for_news(run.stood) == _but_for_news(clean.stood):
        return not _news(run.stood) - _news(clean.stood)
    return held and _may_hold(rule, struck(clean, run.case), proven=run.case.proven)


def _may_hold(rule: Rule, call: Call, *, proven: bool) -> bool:
    if call.system == "mail":  # the address or the text isn't taken
        return rule.kind in NOT_TAKEN
    lost = rule.kind not in NOT_SENT
    if call.path.endswith("/users/enroll"):  # nothing shows whether Duo has sent its mail
        return lost
    return makes_the_code(call) and not proven and (lost or call.system == "password_pusher")


def _news(stood: tuple[Effects, ...]) -> Counter[str]:
    return Counter(mail for each in stood for mail in each.mails if ADDED in mail)


def _but_for_news(stood: tuple[Effects, ...]) -> list[Effects]:
    """Without the mails that a device was added: one that a mail server refuses must not stop what follows it."""
    return [replace(each, mails=tuple(mail for mail in each.mails if ADDED not in mail)) for each in stood]
