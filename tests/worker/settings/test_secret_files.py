from pathlib import Path

import pytest

from tests.worker.settings.configured import loaded
from worker.settings import ConfigError, others_can_read, read_secret, secret_files
from worker.settings.dump import dump


@pytest.mark.parametrize("written", ["hunter2", "hunter2\n", "hunter2\r\n"])
def test_one_trailing_line_break_is_no_part_of_the_secret(tmp_path: Path, written: str) -> None:
    path = tmp_path / "secret"
    path.write_bytes(written.encode())
    assert read_secret(path).reveal() == "hunter2"


def test_spaces_and_further_lines_are_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(" new key \nold key\n")
    assert read_secret(path).reveal() == " new key \nold key"


@pytest.mark.parametrize("written", [b"", b"\n", b"  \n"])
def test_an_empty_file_holds_no_secret(tmp_path: Path, written: bytes) -> None:
    path = tmp_path / "secret"
    path.write_bytes(written)
    with pytest.raises(ConfigError, match=r"secret is empty; write the secret into it"):
        read_secret(path)


def test_a_file_that_is_no_text_is_refused_without_showing_it(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"\xff\xfehunter2")
    with pytest.raises(ConfigError, match="no UTF-8") as raised:
        read_secret(path)
    assert "hunter2" not in str(raised.value)
    assert raised.value.__suppress_context__


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere can't be read \(No such file or directory\)"):
        read_secret(tmp_path / "nowhere")


@pytest.mark.parametrize(("mode", "others"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True)])
def test_a_file_that_others_can_read_is_known(tmp_path: Path, mode: int, others: bool) -> None:
    path = tmp_path / "secret"
    path.write_text("hunter2")
    path.chmod(mode)
    assert others_can_read(path) is others


def test_the_dump_shows_where_secrets_are_and_no_secret(tmp_path: Path) -> None:
    shown = dump(loaded(tmp_path))
    assert f'secret_key_file = "{tmp_path}/secrets/duo"' in shown
    assert "hunter2" not in shown


def test_every_file_of_a_secret_is_known_and_no_certificate_among_them(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("certificate")
    settings = loaded(tmp_path, duo={"ca_file": "ca.pem"})
    assert [(table, key) for table, key, _ in secret_files(settings)] == [
        ("worker", "key_file"),
        ("servicenow", "client_secret_file"),
        ("duo", "secret_key_file"),
        ("password_pusher", "token_file"),
    ]
