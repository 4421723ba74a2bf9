"""Commands about tickets: what they show, what they change, and a ticket that nobody knows."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.sandbox.servicenow.acts.filing import Filed
from tests.rig import SECURITY_KEY
from tests.worker.cli.installed import Installation, configured, installed, run
from worker import wiring


def served(installation: Installation) -> Filed:
    """A code that was delivered without anybody's help."""
    filed = installation.file("personal_address", device=SECURITY_KEY)
    assert installation.run("once").code == 0
    return filed


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, Filed]]:
    """One delivered request, for tests that only look."""
    with installed(tmp_path_factory.mktemp("delivered")) as installation:
        yield installation, served(installation)


@pytest.mark.parametrize("command", ["show", "retry", "release", "revoke", "explain"])
def test_an_unknown_ticket_is_exit_2(delivered: tuple[Installation, Filed], command: str) -> None:
    installation, _ = delivered
    ended = installation.run(command, "SCTASK9999999")
    assert ended.code == 2
    assert "SCTASK9999999" in ended.said


def test_a_ticket_that_is_no_number_reaches_no_query(delivered: tuple[Installation, Filed]) -> None:
    installation, _ = delivered
    assert installation.run("explain", "x^ORactive=true").code == 2
    queries = [value for call in installation.sandbox.calls for _, value in call.query]
    assert not any("x^OR" in query for query in queries)


@pytest.mark.parametrize("name", ["%", '"', "_", ""])
def test_a_wildcard_names_no_ticket(delivered: tuple[Installation, Filed], name: str) -> None:
    installation, _ = delivered
    assert installation.run("show", name).code == 2


@pytest.mark.parametrize("time", ["yesterday", "2026-01-31", "2026-01-31T08:00:00"])
def test_a_time_without_its_zone_is_exit_2(tmp_path: Path, time: str) -> None:
    ended = run(configured(tmp_path), "once", "--since", time)
    assert ended.code == 2
    assert ended.said == f"{time!r} is no moment with its zone, such as 2026-01-31T08:00:00Z"


def test_what_is_shown_is_one_json_value_under_every_name_of_the_ticket(
    delivered: tuple[Installation, Filed],
) -> None:
    installation, filed = delivered
    (listed,) = installation.run("list", "--json").json
    assert (listed["number"], listed["state"], listed["option"]) == (filed.task.number, "awaiting", "key.bypass_code")
    for name in (filed.task.number, filed.item.number, filed.request.number):
        shown = installation.run("show", name, "--json").json
        assert shown["number"] == filed.task.number
        assert [step["name"] for step in shown["steps"]][-1] == "tell_delivered"
        assert {event["name"] for event in shown["events"]} >= {"request_seen", "request_decided", "step_done"}
    status = installation.run("status", "--json").json
    assert (status["mode"], status["states"]["awaiting"]) == ("live", 1)
    assert all({"system", "name", "ok", "sentence"} == set(each) for each in installation.run("check", "--json").json)
    assert installation.run("list", "--json", "--state", "held").json == []


def test_nothing_that_is_shown_holds_a_code_a_link_or_a_passphrase(delivered: tuple[Installation, Filed]) -> None:
    installation, filed = delivered
    (code,) = installation.sandbox.duo.codes(installation.sandbox.person("personal_address").user_name)
    (push,) = installation.sandbox.password_pusher.pushes
    passphrase = installation.sandbox.servicenow.row(filed.task.number)["u_passphrase"]
    number = filed.task.number
    for words in (
        ("list",),
        ("show", number),
        ("explain", number),
        ("status",),
        ("list", "--json"),
        ("show", number, "--json"),
    ):
        ended = installation.run(*words)
        assert ended.code == 0
        for secret in (code.digits, push.url_token, passphrase):
            assert secret not in ended.out + ended.err


def test_a_list_that_is_piped_is_not_cut(delivered: tuple[Installation, Filed]) -> None:
    installation, filed = delivered
    (line,) = [line for line in installation.run("list").out.splitlines() if filed.task.number in line]
    assert "key.bypass_code" in line
    assert "…" not in line


def test_a_list_on_a_narrow_terminal_keeps_ticket_numbers_whole_and_cuts_nothing(
    delivered: tuple[Installation, Filed], monkeypatch: pytest.MonkeyPatch
) -> None:
    installation, filed = delivered
    installation.file("locked_out")
    installation.run("once")
    (waits,) = [each["waits_for"] for each in installation.run("list", "--json", "--state", "new").json]
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    for columns in (60, 80, 100):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = re.sub(r"\x1b\[[0-9;]*m", "", installation.run("list").out).splitlines()
        assert max(len(line.rstrip()) for line in lines) <= columns
        assert any(line.startswith(filed.task.number) for line in lines)
        last_column = "".join(line[lines[0].index("wai") :] for line in lines[1:])
        assert "".join(waits.split()) in "".join(last_column.split())


def test_explain_tells_decision_trace_and_steps_and_writes_nothing(installation: Installation) -> None:
    filed = installation.file("personal_address", device=SECURITY_KEY)
    before = installation.run("status", "--json").json["states"]
    explained = installation.run("explain", filed.item.number, "--json").json
    assert (explained["outcome"], explained["row"], explained["state"]) == ("key.bypass_code", "key-code", None)
    assert explained["steps"] == ["take", "notice", "code_in_push", "link_mail", "tell_delivered"]
    assert explained["trace"][0]["row"] == "closed"
    every = installation.run("explain", filed.task.number, "--all").out
    assert "user.status == 'disabled'  [user.status = 'active']" in every
    assert [call for call in installation.sandbox.calls.writes() if "oauth" not in call.path] == []
    assert installation.run("status", "--json").json["states"] == before


def test_once_says_what_it_did_and_nothing_where_there_was_nothing(installation: Installation) -> None:
    installation.file("never_activated")
    installation.file("locked_out")
    installation.file("privileged")
    assert installation.run("once").out == "requests that moved: 1 new, 1 awaiting, 1 held\n"
    assert installation.run("once").out == ""


def test_explain_says_of_a_request_that_was_decided_that_it_does_nothing_again(installation: Installation) -> None:
    filed = installation.file("never_activated")
    before = installation.run("explain", filed.task.number).out
    installation.run("once")
    after = installation.run("explain", filed.task.number).out.splitlines()
    assert before.startswith(f"{filed.task.number}: mobile.activation_link\n")
    assert after[0].startswith(f"{filed.task.number} was decided as mobile.activation_link on ")
    assert after[0].endswith("; it is awaiting.")
    assert after[1] == "What follows would be decided about it now; it isn't done:"


def test_explain_calls_nothing_decided_that_a_technician_took_before(installation: Installation) -> None:
    filed = installation.file("never_activated")
    installation.sandbox.servicenow.assign(filed.task.number, "technician.tom")
    installation.run("once")
    first = installation.run("explain", filed.task.number).out.splitlines()[0]
    assert first.startswith(f"{filed.task.number} is held since ")
    assert "decided" not in first


def test_explain_shows_what_matched_and_what_missed_by_one_condition_and_counts_the_rest(
    delivered: tuple[Installation, Filed],
) -> None:
    installation, filed = delivered
    brief, every = (installation.run("explain", filed.task.number, *more).out for more in ((), ("--all",)))
    trace = installation.run("explain", filed.task.number, "--json").json["trace"]
    matched = [row for row in trace if row["matched"]]
    near = [row for row in trace if len(row["tried"]) > 1 and sum(not each["held"] for each in row["tried"]) == 1]
    shown = [line for line in brief.splitlines() if line.startswith(("✓", "·"))]
    assert len(shown) == len(matched) + len(near)
    assert near
    assert f"{len(trace) - len(shown)} more rows were asked: duo-worker explain --all shows them" in brief
    assert len([line for line in every.splitlines() if line.startswith(("✓", "·"))]) == len(trace)
    assert "more rows" not in every


@pytest.mark.parametrize("command", ["show", "explain"])
def test_a_ticket_may_be_named_in_small_letters(delivered: tuple[Installation, Filed], command: str) -> None:
    installation, filed = delivered
    for number in (filed.task.number, filed.item.number, filed.request.number):
        assert installation.run(command, f" {number.lower()}").out == installation.run(command, number).out


def test_retry_and_release_say_what_differs() -> None:
    helps = [run(None, name, "--help").out for name in ("retry", "release")]
    assert "Another name of retry" in helps[1]
    assert "Another name" not in helps[0]


def test_a_held_request_that_is_tried_again_is_decided_again_without_skipping_a_guard(
    installation: Installation,
) -> None:
    filed = installation.file("disabled")
    installation.run("once")
    installation.run("release", filed.task.number)
    installation.run("once")
    assert installation.state(filed) == "held"
    installation.sandbox.duo.set_status(installation.sandbox.person("disabled").user_name, "active")
    ended = installation.run("retry", filed.task.number)
    assert ended.out == f"{filed.task.number} is new again; the worker decides it at its next pass\n"
    assert installation.state(filed) == "new"
    assert installation.run("once").code == 0
    assert installation.state(filed) == "awaiting"
    events = installation.run("show", filed.task.number, "--json").json["events"]
    assert len([event for event in events if event["name"] == "retried" and event["by"]]) == 2


def test_what_is_under_way_cannot_be_tried_again(delivered: tuple[Installation, Filed]) -> None:
    installation, filed = delivered
    ended = installation.run("retry", filed.task.number)
    assert ended.code == 2
    assert f"{filed.task.number} is awaiting; only what is held" in ended.said


def test_revoke_takes_back_code_link_and_passphrase_and_says_so_on_the_ticket(installation: Installation) -> None:
    filed = served(installation)
    person = installation.sandbox.person("personal_address")
    by_an_agent = installation.sandbox.duo.issue_code(person.user_name)
    ended = installation.run("revoke", filed.task.number)
    assert (ended.code, ended.out) == (0, f"{filed.task.number}: taken back\n")
    assert [code.digits for code in installation.sandbox.duo.codes(person.user_name)] == [by_an_agent]
    assert all(push.expired for push in installation.sandbox.password_pusher.pushes)
    assert installation.sandbox.servicenow.row(filed.task.number)["u_passphrase"] == ""
    assert installation.sandbox.servicenow.ticket(filed.task.number)["assignment_group"] == "Duo Hold Queue"
    assert installation.state(filed) == "held"
    again = installation.run("revoke", filed.task.number)
    assert (again.code, again.out) == (0, f"{filed.task.number}: nothing of it is alive that could be taken back\n")


def test_revoke_goes_on_while_paused_and_by_person_or_time(installation: Installation) -> None:
    filed = served(installation)
    installation.run("pause")
    for words in ((), ("--all",), (filed.task.number, "--all", "--since", "2026-01-31T08:00:00Z")):
        assert installation.run("revoke", *words).code == 2
    nobody = installation.run("revoke", "--person", "nobody")
    assert (nobody.code, nobody.out) == (2, "")
    assert nobody.said == "nothing to take back: the ledger knows no request of nobody; revoke TICKET names one"
    later = (wiring.now() + timedelta(hours=1)).isoformat()
    assert installation.run("revoke", "--all", "--since", later).out == "nothing to take back\n"
    person = installation.sandbox.person("personal_address")
    assert installation.run("revoke", "--person", person.user_name.upper()).code == 0
    assert installation.sandbox.duo.codes(person.user_name) == ()


def test_a_texted_link_that_lives_on_is_named_by_every_revoke_and_is_exit_3(installation: Installation) -> None:
    filed = installation.file("never_activated")
    assert installation.run("once").code == 0
    for _ in range(2):
        ended = installation.run("revoke", "--all", "--since", "2026-01-31T08:00:00Z")
        assert ended.code == 3
        assert f"{filed.task.number}: ALIVE: the activation link texted to phone DP" in ended.out
        assert "take that device or code off the person" in ended.out
        assert ended.said.startswith("what is ALIVE above can't be taken back by the worker; see to it")
    assert installation.state(filed) == "held"


def test_the_reason_of_a_hold_is_kept_when_it_is_tried_again(installation: Installation) -> None:
    filed = installation.file("disabled")
    installation.run("once")
    installation.run("retry", filed.task.number)
    assert installation.state(filed) == "new"
    held = [event for event in installation.run("show", filed.task.number, "--json").json["events"]
            if event["name"] == "request_held"]  # fmt: skip
    assert [event["row"] for event in held] == ["disabled"]
    assert "reason not kept" not in installation.run("report").out


def test_what_cannot_be_taken_back_yet_is_exit_3(installation: Installation) -> None:
    filed = served(installation)
    installation.sandbox.servers["duo"].stop()
    ended = installation.run("revoke", "--all", "--since", "2026-01-31T08:00:00Z")
    assert ended.code == 3
    assert ended.said == "not everything is taken back yet; the worker goes on with it, or run the command again"
    assert f"{filed.task.number}: still to do: revoke_code" in ended.out
    assert "ALIVE" not in ended.out, "the worker goes on with it"
