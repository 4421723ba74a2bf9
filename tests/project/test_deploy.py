"""What is in `deploy/` fits the program: the keys it overrides exist, and stopping is given time enough."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.worker.settings.configured import loaded
from worker import hints
from worker.settings.duration import parse
from worker.settings.overrides import known, variable
from worker.settings.settings import Settings
from worker.settings.worker import Worker

TOP = Path(__file__).parents[2]
DEPLOY = TOP / "deploy"
STOP_WITHIN = Worker.model_fields["stop_within"].default


@pytest.mark.parametrize("name", ["duo-worker.service", "compose.yaml", "compose.postgresql.yaml"])
def test_every_override_names_a_key(name: str) -> None:
    used = set(re.findall(r"\bDUO_WORKER_[A-Z_]+", (DEPLOY / name).read_text()))
    assert used
    assert used <= {variable(keys) for keys in known(Settings)}


def test_the_service_is_given_longer_to_stop_than_it_takes() -> None:
    waits = re.search(r"^TimeoutStopSec=(\S+)$", (DEPLOY / "duo-worker.service").read_text(), re.MULTILINE)
    assert waits
    assert parse(waits[1]) > STOP_WITHIN


def test_the_container_is_given_longer_to_stop_than_it_takes() -> None:
    waits = re.search(r"^    stop_grace_period: (\S+)$", (DEPLOY / "compose.yaml").read_text(), re.MULTILINE)
    assert waits
    assert parse(waits[1]) > STOP_WITHIN


def test_a_wrong_configuration_is_not_restarted_for_ever() -> None:
    unit = (DEPLOY / "duo-worker.service").read_text()
    assert "\nRestart=on-failure\n" in unit
    assert "\nRestartPreventExitStatus=2 3\n" in unit


def test_every_credential_of_the_unit_is_used_and_every_use_has_one() -> None:
    unit = (DEPLOY / "duo-worker.service").read_text()
    loaded = re.findall(r"^LoadCredential=([^:]+):/etc/duo-worker/secrets/(.+)$", unit, re.MULTILINE)
    used = re.findall(r"^Environment=\S+=%d/(.+)$", unit, re.MULTILINE)
    assert [name for name, _ in loaded] == used
    assert all(name == file for name, file in loaded)


def test_the_secrets_are_those_of_the_example() -> None:
    example = tomllib.loads((TOP / "config.example.toml").read_text())
    paths = [value for table in example.values() for key, value in table.items() if key.endswith("_file") and value]
    for name in ("duo-worker.service", "compose.yaml"):
        assert all(path in (DEPLOY / name).read_text() for path in paths)


def test_the_image_runs_as_nobody_in_particular_with_hash_pinned_packages() -> None:
    image = (DEPLOY / "Dockerfile").read_text()
    assert re.search(r"^USER 10001$", image, re.MULTILINE)
    assert "--require-hashes" in image
    assert "libmagic1" in image


@pytest.mark.parametrize("name", ["servicenow.md", "teamdynamix.md"])
def test_the_keys_for_hints_that_a_set_up_guide_shows_load(tmp_path: Path, name: str) -> None:
    shown = tomllib.loads("".join(re.findall(r"```toml\n(.*?)```", (DEPLOY / name).read_text(), re.DOTALL)))
    file = next(value for key, value in shown["http"].items() if key.endswith("_file"))
    (tmp_path / "secrets").mkdir()
    (tmp_path / file).write_text("a secret")
    assert loaded(tmp_path, **shown).http.takes_hints


def test_the_script_of_the_set_up_guide_signs_what_the_worker_checks() -> None:
    guide = (DEPLOY / "servicenow.md").read_text()
    assert f"setRequestHeader('{hints.TIME}', time)" in guide
    assert f"setRequestHeader('{hints.SIGNATURE}', mac.generateMac(key, 'HmacSHA256', time + '.' + body))" in guide


def test_the_set_up_guide_names_keys_that_exist() -> None:
    guide = (DEPLOY / "servicenow.md").read_text()
    keys = {key for each in known(Settings) for key in each}
    named = set(re.findall(r"`([a-z_]+)(?: = [^`]+)?`", guide))
    assert {"catalog_items", "hold_group", "client_secret_file", "passphrase_field", "reset_items"} <= named & keys
