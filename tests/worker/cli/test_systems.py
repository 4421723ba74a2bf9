"""Credentials that aren't accepted: exit 3, which system and what to check; no request is spent, nothing tried on."""

from tests.worker.cli.installed import Installation


def test_a_wrong_duo_secret_is_exit_3_and_spends_no_request(installation: Installation) -> None:
    installation.file("never_activated")
    right = installation.secret("duo").read_text()
    installation.secret("duo").write_text("x" * 40)
    ended = installation.run("once")
    assert ended.code == 3
    assert ended.said == (
        "duo is paused: the signature isn't accepted, mostly because of a wrong secret key: see `secret_key_file`;"
        " mend it, then run: duo-worker resume"
    )
    assert installation.run("list", "--json").json == []
    assert installation.sandbox.calls.writes() == ()
    asked = len(installation.sandbox.calls)
    assert installation.run("once").code == 3
    assert len(installation.sandbox.calls) == asked, "a second try may lock an account"
    installation.secret("duo").write_text(right)
    assert installation.run("resume").code == 0
    assert installation.run("once").code == 0


def test_wrong_servicenow_credentials_are_exit_3_and_call_nobody_else(installation: Installation) -> None:
    filed = installation.file("never_activated")
    installation.secret("servicenow-client").write_text("x" * 32)
    ended = installation.run("once")
    assert ended.code == 3
    assert ended.said.startswith("servicenow is paused: 401")
    assert "check the credentials in [servicenow]" in ended.said
    assert installation.run("list", "--json").json == []
    assert installation.sandbox.duo.texts == ()
    assert installation.run("show", filed.task.number).code == 2


def test_check_says_of_a_paused_system_that_it_was_not_asked(installation: Installation) -> None:
    installation.file("never_activated")
    right = installation.secret("duo").read_text()
    installation.secret("duo").write_text("x" * 40)
    installation.run("once")
    installation.secret("duo").write_text(right)
    before = len(installation.sandbox.calls.select("duo"))
    ended = installation.run("check")
    assert len(installation.sandbox.calls.select("duo")) == before
    (line,) = [line for line in ended.out.splitlines() if line.split()[1] == "duo"]
    assert line.startswith("BAD   duo              paused               wasn't asked, as it is paused (the signature")
    assert "duo-worker resume, then check again" in line
    installation.run("resume")
    assert installation.run("check").code == 0


def test_check_blames_nobody_else_where_the_ticket_system_is_paused(installation: Installation) -> None:
    installation.file("never_activated")
    right = installation.secret("servicenow-client").read_text()
    installation.secret("servicenow-client").write_text("x" * 32)
    installation.run("once")
    installation.secret("servicenow-client").write_text(right)
    bad = [line for line in installation.run("check").out.splitlines() if line.startswith("BAD")]
    assert [line.split()[1:3] for line in bad] == [["servicenow", "paused"]]


def test_check_names_every_system_that_does_not_let_us_in(installation: Installation) -> None:
    installation.file("never_activated")
    for name in ("duo", "servicenow-client", "password-pusher"):
        installation.secret(name).write_text("x" * 32)
    ended = installation.run("check")
    assert ended.code == 3
    bad = [line for line in ended.out.splitlines() if line.startswith("BAD")]
    assert {line.split()[1] for line in bad} == {"servicenow", "duo", "password_pusher"}
    assert any("see `secret_key_file`" in line for line in bad)
    assert any("see `token_file`" in line for line in bad)
    assert any("check the credentials in [servicenow]" in line for line in bad)
    assert "things are not as they must be" in ended.said


def test_check_finds_nothing_wrong_with_the_sandbox_and_proves_the_fingerprint(installation: Installation) -> None:
    person = installation.sandbox.person("never_activated")
    installation.file("never_activated")
    assert "run duo-worker check --probe-user NAME once" in installation.run("status").out
    ended = installation.run("check", "--probe-user", person.user_name)
    assert ended.code == 0
    assert not [line for line in ended.out.splitlines() if line.startswith("BAD")]
    assert installation.sandbox.duo.codes(person.user_name) == ()
    assert "probe-user" not in installation.run("status").out


def test_check_offline_calls_nobody_and_warns_of_secrets_that_others_can_read(installation: Installation) -> None:
    installation.secret("duo").chmod(0o644)
    ended = installation.run("check", "--offline")
    assert ended.code == 0
    assert len(installation.sandbox.calls) == 0
    assert any(line.startswith("look") and "others can read" in line for line in ended.out.splitlines())


def test_a_probe_of_a_user_that_is_not_there_makes_no_code(installation: Installation) -> None:
    installation.file("never_activated")
    ended = installation.run("check", "--probe-user", "nobody.at.all")
    assert ended.code == 3
    assert "0 Duo users are called 'nobody.at.all'" in ended.out
    assert {call.method for call in installation.sandbox.calls.writes("duo")} <= {"DELETE"}
