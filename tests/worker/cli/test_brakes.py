"""`pause`, `resume`, `surge`: what they stop, what goes on, and that `status` says so."""

from pathlib import Path

from tests.worker.cli.installed import Installation, configured, made, run


def test_pause_stops_issuing_until_resume(installation: Installation) -> None:
    served, held = installation.file("never_activated"), installation.file("disabled")
    assert installation.run("pause").out == "issuing stands still; undoing, watching, holding go on\n"
    assert installation.run("once").code == 0
    assert installation.sandbox.duo.texts == ()
    assert installation.state(held) == "held"
    waits = installation.run("show", served.task.number, "--json").json["waits_for"]
    assert waits.startswith("issuing is paused: duo-worker pause by ")
    assert "paused: issuing (duo-worker pause by " in installation.run("status").out
    assert installation.run("resume").out == "no brake is on\n"
    assert installation.run("once").code == 0
    assert len(installation.sandbox.duo.texts) > 0


def test_pause_all_stops_everything_and_once_says_so(installation: Installation) -> None:
    installation.file("disabled")
    assert installation.run("pause", "--all").out == "everything stands still\n"
    ended = installation.run("once")
    assert ended.code == 3
    assert ended.said.startswith("everything is paused: duo-worker pause by ")
    assert ended.said.endswith("run: duo-worker resume")
    assert len(installation.sandbox.calls) == 0
    assert installation.run("status", "--json").json["paused_everything"] is True


def test_a_surge_raises_the_caps_for_a_day_at_most(tmp_path: Path) -> None:
    config = configured(tmp_path)
    made(config)
    assert run(config, "surge", "--factor", "3", "--hours", "2").out.startswith("caps are 3 times as high until ")
    assert run(config, "status", "--json").json["surge_factor"] == 3
    for words in (("--hours", "25"), ("--factor", "21"), ("--factor", "1")):
        assert run(config, "surge", *words).code == 2
