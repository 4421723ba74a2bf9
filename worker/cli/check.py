"""`check`: what is missing, before people rely on the worker."""

from collections.abc import Iterable
from typing import Annotated

import typer

from worker.checking import Finding, offline, online, probe_fingerprint
from worker.cli.ending import Unusable, finish
from worker.cli.opened import opened
from worker.cli.shown import print_json, say

SIGNS = {True: "ok  ", None: "look", False: "BAD "}


def command(
    context: typer.Context,
    without_calls: Annotated[bool, typer.Option("--offline", help="Call nobody.")] = False,
    user: Annotated[
        str | None,
        typer.Option("--probe-user", metavar="NAME", help="Make and revoke a code of this Duo test user."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON value.")] = False,
) -> None:
    """Configuration, tables and texts; then harmless questions to every system."""
    finish(lambda: _check(context, user, without_calls=without_calls, as_json=as_json))


def _check(context: typer.Context, user: str | None, *, without_calls: bool, as_json: bool) -> None:
    shop = opened(context.obj.config, owner="command")
    findings = list(_told(offline(shop), as_json=as_json))
    if not without_calls:
        findings += _told(online(shop), as_json=as_json)
        findings += _told([probe_fingerprint(shop, user)] if user else [], as_json=as_json)
    if as_json:
        print_json([vars(finding) for finding in findings])
    bad = [finding for finding in findings if finding.ok is False]
    if bad:
        raise Unusable(f"{len(bad)} of {len(findings)} things are not as they must be: " + ", ".join(_names(bad)))


def _told(findings: Iterable[Finding], *, as_json: bool) -> list[Finding]:
    found = []
    for finding in findings:
        found.append(finding)
        if not as_json:
            say(f"{SIGNS[finding.ok]}  {finding.system:16} {finding.name:20} {finding.sentence}")
    return found


def _names(findings: list[Finding]) -> list[str]:
    return [f"{finding.system} {finding.name}" for finding in findings]
