"""`report`: on the terminal, as one JSON object, as a page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig import SECURITY_KEY
from tests.worker.cli.installed import Installation, configured, installed, run


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One code delivered, one request held, and a report that only looks."""
    with installed(tmp_path_factory.mktemp("reported")) as installation:
        installation.file("personal_address", device=SECURITY_KEY)
        installation.file("disabled")
        assert installation.run("once").code == 0
        yield installation


def test_it_is_printed_as_tables(served: Installation) -> None:
    ended = served.run("report")
    assert ended.code == 0
    lines = [line.split() for line in ended.out.splitlines()]
    delivered, enrolled, _ = [line for line in lines if line[:1] == ["key.bypass_code"]]
    assert (delivered[1:3], delivered[4]) == (["1", "1"], "min")
    assert enrolled[1:] == ["0", "0%", "–", "–", "·"]
    assert ["disabled", "1", "1"] in lines


def test_it_is_one_json_object_with_times_in_minutes(served: Installation) -> None:
    found = served.run("report", "--json", "--since", "2d").json
    assert set(found) == {"since", "until", "total", "options", "codes", "repeats", "held", "days"}
    (key, none) = found["options"]
    assert (key["option"], key["filed"], key["delivered"], key["states"]["awaiting"]) == ("key.bypass_code", 1, 1, 1)
    assert key["to_delivered"]["count"] == 1
    assert 0 <= key["to_delivered"]["median"] == key["to_delivered"]["p90"] < 5
    assert (none["option"], none["to_delivered"], none["share"]) == ("no option", None, None)
    assert found["codes"] == {"made": 1, "used": 0, "never_used": 0, "usable": 1}
    assert found["held"] == [{"row": "disabled", "requests": 1, "now": 1}]
    assert [set(day) for day in found["days"]] == [{"day", "filed", "delivered", "enrolled", "held"}] * 3


def test_it_is_written_as_one_page(served: Installation, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    ended = served.run("report", "--html", str(file))
    assert (ended.code, ended.out) == (0, f"written to {file}\n")
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>\n<html")


def test_a_page_that_cannot_be_written_is_exit_2(served: Installation, tmp_path: Path) -> None:
    ended = served.run("report", "--html", str(tmp_path / "none" / "report.html"))
    assert ended.code == 2
    assert ended.said == f"{tmp_path / 'none' / 'report.html'} can't be written: No such file or directory"


def test_json_and_a_page_at_once_are_exit_2(served: Installation, tmp_path: Path) -> None:
    ended = served.run("report", "--json", "--html", str(tmp_path / "report.html"))
    assert ended.code == 2
    assert ended.said == "say either --json or --html FILE"
    assert not (tmp_path / "report.html").exists()


def test_nobody_is_named(served: Installation) -> None:
    person = served.sandbox.person("personal_address")
    shown = served.run("report").out + served.run("report", "--json").out
    assert person.user_name not in shown
    assert person.last_name not in shown


def test_without_a_ledger_it_is_exit_3(tmp_path: Path) -> None:
    assert run(configured(tmp_path), "report").code == 3
