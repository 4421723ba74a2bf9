"""Values that start with `javascript:` run on the server: the calls that clients make, in the caller's zone (§3.3)."""

import re
from datetime import datetime, timedelta, tzinfo
from typing import Final

from connectors.sandbox.servicenow.instance import Caller
from connectors.sandbox.servicenow.records import dates

PREFIX: Final = "javascript:"
DATE_GENERATE: Final = re.compile(r"gs\.dateGenerate\('([^']*)'\s*,\s*'([^']*)'\)")
AGO: Final = re.compile(r"gs\.(minutes|hours|days)Ago\((\d+)\)")


def evaluated(value: str, caller: Caller, now: datetime) -> str:
    """The operand with its scripts run; both ends of a BETWEEN are looked at. A script unknown here gives nothing."""
    if PREFIX not in value:
        return value
    return "@".join(_run(part, caller, now) for part in value.split("@"))


def _run(part: str, caller: Caller, now: datetime) -> str:
    if not part.startswith(PREFIX):
        return part
    script = part.removeprefix(PREFIX).rstrip(";")
    if found := DATE_GENERATE.fullmatch(script):
        return _date(found[1], found[2], caller.zone)
    if found := AGO.fullmatch(script):
        return dates.stamp(now - timedelta(**{found[1]: int(found[2])}))
    return caller.user.sys_id if script == "gs.getUserID()" else "undefined"


def _date(day: str, time: str, where: tzinfo) -> str:
    words = {"start": "00:00:00", "end": "23:59:59"}
    return dates.entered(f"{day} {words.get(time, time)}", where) or "undefined"
