from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.worker.settings.configured import loaded, written
from worker.settings import load


def test_what_the_file_leaves_out_has_its_default(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    assert settings.worker.mode == "live"
    assert settings.worker.poll_every == timedelta(seconds=15)
    assert settings.policy.codes_per_person.count == 3
    assert settings.policy.codes_per_person.per == timedelta(days=1)
    assert settings.servicenow.variables.phone_os == "phone_os"
    assert settings.servicenow.choices.device == {"Duo Mobile": "duo_mobile", "Security key": "security_key"}
    assert settings.follow_up.check_after[-1] == timedelta(days=1)
    assert settings.support.phone == "480-731-8632"


def test_paths_count_from_the_files_own_folder(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    assert settings.worker.key_file == tmp_path / "secrets/ledger.key"
    assert settings.servicenow.client_secret_file == tmp_path / "secrets/client"
    assert settings.worker.state == f"sqlite:///{tmp_path}/var/duo-worker.db"


def test_a_path_from_the_root_stays_as_it_is(tmp_path: Path) -> None:
    key = tmp_path / "elsewhere"
    key.write_text("key")
    settings = loaded(tmp_path, worker={"key_file": str(key), "state": "sqlite:////srv/ledger.db"})
    assert settings.worker.key_file == key
    assert settings.worker.state == "sqlite:////srv/ledger.db"


def test_an_empty_path_is_none(tmp_path: Path) -> None:
    settings = loaded(tmp_path, rules={"enrollment": ""})
    assert settings.rules.enrollment is None
    assert settings.duo.ca_file is None


def test_a_start_has_a_zone_and_is_kept_in_utc(tmp_path: Path) -> None:
    settings = loaded(tmp_path, worker={"start_from": "2026-01-31T08:00:00-07:00"})
    assert settings.worker.start_from == datetime(2026, 1, 31, 15, tzinfo=UTC)


def test_no_privileged_group_on_purpose(tmp_path: Path) -> None:
    assert loaded(tmp_path, duo={"privileged_groups": ["-"]}).duo.privileged_groups == ("-",)


def test_proof_can_be_switched_off_without_naming_mail_domains(tmp_path: Path) -> None:
    settings = loaded(tmp_path, policy={"require_proof": False, "same_login_domains": None})
    assert not settings.policy.require_proof


def test_mail_domains_are_compared_in_lower_case(tmp_path: Path) -> None:
    settings = loaded(tmp_path, policy={"same_login_domains": ["Example.EDU"]})
    assert settings.policy.same_login_domains == ("example.edu",)


def test_the_environment_overrides_every_kind_of_key(tmp_path: Path) -> None:
    environ = {
        "DUO_WORKER_CONFIG": "config.toml",
        "DUO_WORKER_WORKER__POLL_EVERY": "30s",
        "DUO_WORKER_WORKER__MODE": '"shadow"',
        "DUO_WORKER_WORKER__START_FROM": "2026-01-31T08:00:00Z",
        "DUO_WORKER_DUO__PORT": "8443",
        "DUO_WORKER_DUO__CREATE_USERS": "true",
        "DUO_WORKER_SERVICENOW__STATES__PENDING": "-4",
        "DUO_WORKER_SERVICENOW__CHOICES__DEVICE": '{ "App" = "duo_mobile" }',
        "DUO_WORKER_SERVICENOW__CATALOG_ITEMS": '["ffffffffffffffffffffffffffffffff"]',
        "DUO_WORKER_POLICY__PER_OPENER": '{ count = 7, per = "1h" }',
        "HOME": "/nowhere",
    }
    settings = loaded(tmp_path, environ)
    assert settings.worker.poll_every == timedelta(seconds=30)
    assert settings.worker.mode == "shadow"
    assert settings.worker.start_from == datetime(2026, 1, 31, 8, tzinfo=UTC)
    assert settings.duo.port == 8443
    assert settings.duo.create_users
    assert settings.servicenow.states.pending == "-4"
    assert settings.servicenow.states.open == "1"
    assert settings.servicenow.choices.device == {"App": "duo_mobile"}
    assert settings.servicenow.catalog_items == ("f" * 32,)
    assert settings.policy.per_opener.count == 7


def test_a_password_of_digits_in_a_text_key_stays_text(tmp_path: Path) -> None:
    assert loaded(tmp_path, {"DUO_WORKER_SERVICENOW__USERNAME": "0042"}).servicenow.username == "0042"
    assert loaded(tmp_path, {"DUO_WORKER_SERVICENOW__USERNAME": "true"}).servicenow.username == "true"


def test_an_override_can_give_a_table_that_the_file_lacks(tmp_path: Path) -> None:
    assert loaded(tmp_path, {"DUO_WORKER_HTTP__LISTEN": "127.0.0.1:8350"}).http.listen == "127.0.0.1:8350"


def test_reading_changes_nothing_and_repeats(tmp_path: Path) -> None:
    path = written(tmp_path, {})
    assert load(path, {}) == load(path, {})
