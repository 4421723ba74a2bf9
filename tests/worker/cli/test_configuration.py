"""A configuration that can't be used is exit 2 and one sentence, whatever the command; nothing is made or called."""

from pathlib import Path

import pytest

from tests.worker.cli.installed import OTHER_KEY, configured, ledger_file, run


def test_a_configuration_that_is_not_there(tmp_path: Path) -> None:
    ended = run(tmp_path / "config.toml", "status")
    assert ended.code == 2
    assert ended.said.startswith(f"{tmp_path}/config.toml isn't there; name another with --config")


def test_the_configuration_is_found_by_the_environment_then_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert run(None, "migrate").code == 0
    ended = run(None, "status", environ={"DUO_WORKER_CONFIG": str(tmp_path / "other.toml")})
    assert ended.code == 2
    assert "other.toml isn't there" in ended.said


def test_an_unknown_key_is_named_with_the_nearest_that_exists(tmp_path: Path) -> None:
    ended = run(configured(tmp_path, duo={"intergration_key": "x"}), "once")
    assert ended.code == 2
    assert "[duo] intergration_key is no key; the nearest is integration_key." in ended.said


def test_an_unknown_override_is_named_with_the_nearest_that_exists(tmp_path: Path) -> None:
    ended = run(configured(tmp_path), "status", environ={"DUO_WORKER_DUO__HOTS": "x"})
    assert ended.code == 2
    assert ended.said == "DUO_WORKER_DUO__HOTS in the environment names no key; the nearest is DUO_WORKER_DUO__HOST."


@pytest.mark.parametrize("command", ["migrate", "status", "once", "run", "check"])
def test_a_missing_key_file_is_exit_2_and_makes_no_ledger(tmp_path: Path, command: str) -> None:
    config = configured(tmp_path)
    (tmp_path / "secrets" / "ledger.key").unlink()
    ended = run(config, command)
    assert ended.code == 2
    assert "[worker] key_file names the file" in ended.said
    assert "which isn't there; make it or mend the path." in ended.said
    assert not ledger_file(config).exists()


@pytest.mark.parametrize(("text", "said"), [("\n", "is empty"), ("hunter2\n", "is not a Fernet key")])
def test_a_key_file_without_a_key_is_exit_2_and_is_not_repeated(tmp_path: Path, text: str, said: str) -> None:
    config = configured(tmp_path)
    (tmp_path / "secrets" / "ledger.key").write_text(text)
    ended = run(config, "migrate")
    assert ended.code == 2
    assert said in ended.said
    assert "hunter2" not in ended.said
    assert not ledger_file(config).exists()


def test_a_secret_file_that_is_empty_is_exit_2(tmp_path: Path) -> None:
    config = configured(tmp_path)
    assert run(config, "migrate").code == 0
    (tmp_path / "secrets" / "duo").write_text("")
    ended = run(config, "once")
    assert ended.code == 2
    assert ended.said == f"{tmp_path}/secrets/duo is empty; write the secret into it."


def test_a_key_is_rotated_by_a_new_line_on_top(tmp_path: Path) -> None:
    config = configured(tmp_path)
    assert run(config, "migrate").code == 0
    key = tmp_path / "secrets" / "ledger.key"
    key.write_text(f"{OTHER_KEY}\n{key.read_text()}")
    assert run(config, "status").code == 0


BROKEN_TABLES = {
    "no TOML": ("[[row]\n", "mine.toml: "),
    "nothing": ("", "no closing row"),
    "no closing row": (
        '[[row]]\nid = "a"\noutcome = "key.bypass_code"\nwhen = ["user.found"]\nbecause = "x"\n',
        "no closing row",
    ),
    "an unknown field": (
        '[[row]]\nid = "a"\noutcome = "hold"\nwhen = ["request.devise == \'x\'"]\nbecause = "x"\nnext_step = "y"\n',
        "device",
    ),
}


@pytest.mark.parametrize(("text", "said"), BROKEN_TABLES.values(), ids=BROKEN_TABLES.keys())
@pytest.mark.parametrize("table", ["enrollment", "follow_up"])
@pytest.mark.parametrize("command", [("rules", "check"), ("once",)], ids=" ".join)
def test_a_table_that_cannot_be_used_is_exit_2(
    tmp_path: Path, table: str, text: str, said: str, command: tuple[str, ...]
) -> None:
    (tmp_path / "mine.toml").write_text(text)
    config = configured(tmp_path, rules={table: "mine.toml"})
    assert run(config, "migrate").code == 0
    ended = run(config, *command)
    assert ended.code == 2
    assert "mine.toml" in ended.said
    assert said in ended.said


def test_the_shipped_tables_are_checked_without_a_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run(None, "rules", "check", environ={"DUO_WORKER_CONFIG": None})
    assert ended.code == 0
    assert "every example leads where it should" in ended.out


def test_a_guard_that_is_not_optional_cannot_be_switched_off(tmp_path: Path) -> None:
    ended = run(configured(tmp_path, policy={"guards_off": ["privileged"]}), "rules", "check")
    assert ended.code == 2
    assert "`privileged` is no optional row" in ended.said
