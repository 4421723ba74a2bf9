"""Each thing that can be wrong, and the one sentence an operator gets."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.worker.settings.configured import SECRETS, loaded, written
from worker.settings import ConfigError, load
from worker.settings.conflicts import conflicts
from worker.settings.teamdynamix import App, Attributes, Statuses
from worker.settings.tickets import Tickets

WRONG: list[tuple[Mapping[str, Mapping[str, Any]], str]] = [
    # names
    ({"duo": {"intergration_key": "x"}}, r"\[duo\] intergration_key is no key; the nearest is integration_key"),
    ({"servicnow": {"url": "x"}}, r"config.toml: there is no table or key 'servicnow'; the nearest is servicenow"),
    ({"mail": {"password": "x"}}, r"\[mail\] password is no key, .* name the file in password_file"),
    ({"servicenow": {"states": {"pendign": "1"}}}, r"\[servicenow.states\] pendign is no key; the nearest is pending"),
    ({"policy": {"per_opener": {"cuont": 1, "per": "1h"}}}, r"cuont is no key; the nearest is count"),
    ({"http": {"zzz": 1}}, r"\[http\] zzz is no key; valid are: hint_every, hint_key_file, .*, listen"),
    # missing
    ({"servicenow": {"url": None}}, r"\[servicenow\] url is missing; add it"),
    ({"servicenow": {"hold_group": None}}, r"\[servicenow\] hold_group is missing"),
    ({"servicenow": {"hold_group": ""}}, r"\[servicenow\] hold_group is missing; add it"),
    ({"servicenow": {"catalog_items": []}}, r"\[servicenow\] catalog_items is missing; add it"),
    ({"servicenow": {"client_id": None}}, r"client_id is missing: auth = \"client_credentials\" needs it"),
    ({"servicenow": {"auth": "basic"}}, r"username is missing: auth = \"basic\" needs it"),
    ({"duo": {"privileged_groups": None}}, r"\[duo\] privileged_groups is missing"),
    ({"duo": {"privileged_groups": []}}, r"\[duo\] privileged_groups is empty; name the groups, or say \[\"-\"\]"),
    ({"duo": {"secret_key_file": ""}}, r"\[duo\] secret_key_file must name a file"),
    ({"mail": {"username": "worker"}}, r"\[mail\] password_file is missing"),
    ({"policy": {"same_login_domains": None}}, r"\[policy\] same_login_domains is missing: with require_proof"),
    ({"policy": {"retire_dead_phones": True}}, r"retire_check_applications is missing"),
    # types and values
    ({"worker": {"poll_every": 15}}, r"\[worker\] poll_every must be text of a whole number and s, m, h or d"),
    ({"worker": {"poll_every": "15 s"}}, r"\[worker\] poll_every must be text of a whole number"),
    ({"worker": {"poll_every": "0s"}}, r"\[worker\] poll_every must be at least"),
    ({"worker": {"poll_every": "99999999d"}}, r"\[worker\] poll_every must be at least \"1s\" and at most \"3650d\""),
    ({"worker": {"mode": "lvie"}}, r"\[worker\] mode must be 'live' or 'shadow'"),
    ({"worker": {"concurrency": "8"}}, r"\[worker\] concurrency must be a whole number"),
    ({"worker": {"concurrency": True}}, r"\[worker\] concurrency must be a whole number"),
    ({"worker": {"concurrency": 0}}, r"\[worker\] concurrency must be at least 1"),
    ({"worker": {"state": "mysql://x"}}, r"\[worker\] state must be sqlite:///FILE or"),
    ({"worker": {"state": "sqlite:///"}}, r"\[worker\] state must be sqlite:///FILE or"),
    ({"worker": {"state": "postgresql+psycopg://u:hunter2@h/d"}}, r"\[worker\] state must be .* without a password"),
    ({"worker": {"start_from": "2026-01-31T08:00:00"}}, r"\[worker\] start_from must be empty or a moment"),
    ({"worker": {"start_from": "yesterday"}}, r"\[worker\] start_from must be empty or a moment"),
    ({"servicenow": {"catalog_items": ["<sys_id>"]}}, r"catalog_items must be sys_ids, 32 hexadecimal digits each"),
    ({"servicenow": {"catalog_items": "a" * 32}}, r"catalog_items must be a list"),
    ({"servicenow": {"url": "http://example.service-now.com"}}, r"\[servicenow\] url must be an https:// address"),
    ({"servicenow": {"url": "https://user@example.com"}}, r"\[servicenow\] url must be an https:// address"),
    ({"servicenow": {"comments_are_mailed": "no"}}, r"comments_are_mailed must be true or false"),
    ({"servicenow": {"passphrase_field": "a^b"}}, r"passphrase_field must be empty or a field name"),
    ({"servicenow": {"choices": {"device": {"App": "duo_mobil"}}}}, r"App must be 'duo_mobile' or 'security_key'"),
    ({"servicenow": {"states": {"open": 1}}}, r"\[servicenow.states\] open must be text"),
    ({"duo": {"host": "https://api-1.duosecurity.com"}}, r"\[duo\] host must be a host name alone"),
    ({"duo": {"port": 70000}}, r"\[duo\] port must be at most 65535"),
    ({"duo": {"ca_file": 5}}, r"\[duo\] ca_file must be the path of a file"),
    ({"duo": {"privileged_groups": ["-", "Admins"]}}, r"privileged_groups has \"-\", which means none, among other"),
    ({"password_pusher": {"expire_after_days": 91}}, r"expire_after_days must be at most 90"),
    ({"mail": {"sender": "nobody"}}, r"\[mail\] sender must be an address such as"),
    ({"mail": {"sender": "A <b@c.de> <d@e.fg>"}}, r"\[mail\] sender must be an address such as"),
    ({"mail": {"sender": "Duo\r\nBcc: x <b@c.de>"}}, r"\[mail\] sender must be an address such as"),
    ({"mail": {"notice_copy": "a@b.c, d@e.f"}}, r"\[mail\] notice_copy must be one mail address"),
    ({"policy": {"code_valid": "25h"}}, r"\[policy\] code_valid must be at most 1 day"),
    ({"policy": {"code_valid": "2s"}}, r"\[policy\] code_valid must be at least 10 minutes"),
    ({"policy": {"code_uses": 0}}, r"\[policy\] code_uses must be at least 1"),
    ({"policy": {"code_uses": 101}}, r"\[policy\] code_uses must be at most 100"),
    ({"policy": {"identity_methods": ["photo id"]}}, r"identity_methods must be words of small letters"),
    ({"policy": {"identity_groups": ["Desk"], "identity_methods": []}}, r"identity_methods is empty"),
    ({"policy": {"same_login_domains": ["@example.edu"]}}, r"same_login_domains must be mail domains"),
    ({"policy": {"phone_regions": ["USA"]}}, r"phone_regions must be two-letter country codes"),
    ({"policy": {"passphrase": "field"}}, r"passphrase can't be \"field\" without \[servicenow\] passphrase_field"),
    ({"policy": {"passphrase": "ticket"}}, r"passphrase can't be \"ticket\" while .* comments_are_mailed"),
    ({"policy": {"codes_per_person": {"count": 0, "per": "24h"}}}, r"codes_per_person\] count must be at least 1"),
    ({"policy": {"codes_per_person": 3}}, r"\[policy\] codes_per_person must be a table of keys"),
    ({"follow_up": {"check_after": []}}, r"check_after must not be empty"),
    ({"follow_up": {"remind_after": "8d"}}, r"remind_after must be shorter than give_up_after"),
    ({"worker": {"lease": "80s"}}, r"\[worker\] lease is too short"),
    ({"http": {"listen": "0.0.0.0:8350"}}, r"\[http\] listen must be a loopback address"),
    ({"http": {"listen": "example.edu:8350"}}, r"\[http\] listen must be a loopback address"),
    ({"http": {"hint_key_file": "secrets/duo"}}, r"\[http\] listen is empty; hints need an address to come in at"),
    ({"http": {"hint_token_file": "secrets/duo"}}, r"\[http\] listen is empty; hints need an address to come in at"),
    ({"http": {"hint_key": "hunter2"}}, r"\[http\] hint_key is no key, .* name the file in hint_key_file"),
    ({"http": {"listen": "[::1]:9", "hint_token_file": "nowhere"}}, r"hint_token_file names the file .*nowhere, which"),
    ({"http": {"listen": "127.0.0.1"}}, r"\[http\] listen must be an address and a port"),
    # later versions
    ({"worker": {"dispatch": "procrastinate"}}, r"\[worker\] dispatch can't be \"procrastinate\" without a ledger"),
    ({"tickets": {"system": "teamdynamix"}}, r"\[teamdynamix\] url is missing; add it, as \[tickets\] system"),
    # files
    ({"rules": {"enrollment": "mine.toml"}}, r"\[rules\] enrollment names the file .*mine.toml, which isn't there"),
    ({"support": {"texts": "config.toml"}}, r"\[support\] texts names the folder .*config.toml, which isn't there"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "said"), WRONG, ids=lambda value: str(value)[:60])
def test_a_wrong_value_is_named_in_one_sentence(
    tmp_path: Path, changes: Mapping[str, Mapping[str, Any]], said: str
) -> None:
    with pytest.raises(ConfigError, match=said) as raised:
        loaded(tmp_path, **changes)
    assert str(tmp_path / "config.toml") in str(raised.value)
    _is_one_sentence_without_values(str(raised.value))


WRONG_OVERRIDES = [
    ("DUO_WORKER_DUO__INTERGRATION_KEY", "x", r"names no key; the nearest is DUO_WORKER_DUO__INTEGRATION_KEY"),
    ("DUO_WORKER_MODE", "shadow", r"DUO_WORKER_MODE in the environment names no key; the nearest is DUO_WORKER_"),
    ("DUO_WORKER_DUO", "{}", r"DUO_WORKER_DUO in the environment names no key"),
    ("DUO_WORKER_DUO__PORT", "https", r"DUO_WORKER_DUO__PORT in the environment must be a whole number"),
    ("DUO_WORKER_WORKER__LEASE", "5s", r"DUO_WORKER_WORKER__LEASE in the environment is too short"),
    ("DUO_WORKER_WORKER__KEY_FILE", "nowhere", r"DUO_WORKER_WORKER__KEY_FILE in the environment names the file"),
    ("DUO_WORKER_POLICY__PER_OPENER", "3", r"DUO_WORKER_POLICY__PER_OPENER in the environment must be a table"),
    ("DUO_WORKER_HTTP__LISTEN", "a\nb", r"DUO_WORKER_HTTP__LISTEN in the environment must be"),
]


@pytest.mark.parametrize(("name", "value", "said"), WRONG_OVERRIDES)
def test_a_wrong_override_is_named_by_its_variable(tmp_path: Path, name: str, value: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as raised:
        loaded(tmp_path, {name: value})
    _is_one_sentence_without_values(str(raised.value))


@pytest.mark.parametrize("name", SECRETS)
def test_a_missing_secret_file_is_named_by_its_key(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, {})
    (tmp_path / "secrets" / name).unlink()
    with pytest.raises(
        ConfigError, match=rf"_file names the file .*/{name}, which isn't there; make it or mend the path\."
    ):
        load(path, {})


def test_a_missing_configuration_says_where_to_begin(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere.toml isn't there; name another with --config"):
        load(tmp_path / "nowhere.toml", {})


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"can't be read \(Is a directory\)"):
        load(tmp_path, {})


@pytest.mark.parametrize("text", ["[duo\n", "a = \n", "a = 1\na = 2\n"])
def test_a_file_that_is_no_toml_is_refused_with_the_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"config.toml is no valid TOML: .*line 1|line 2"):
        load(path, {})


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes('sender = "Enrôlement"'.encode("latin-1"))
    with pytest.raises(ConfigError, match=r"is no UTF-8 text"):
        load(path, {})


def test_a_value_where_a_table_belongs_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, {})
    path.write_text("duo = 1\n" + path.read_text().replace("[duo]", "[mail.duo]"))
    with pytest.raises(ConfigError, match=r"duo"):
        load(path, {"DUO_WORKER_DUO__PORT": "1"})


def _is_one_sentence_without_values(text: str) -> None:
    assert text.endswith(".")
    assert "\n" not in text
    assert "hunter2" not in text
    assert not re.search(r"\. [A-Z]", text)


@pytest.mark.parametrize(("http", "said"), [({"hint_token_file": "secrets/duo"}, "hint_every is too short"), ({}, "")])
def test_hints_bring_no_more_searches_than_teamdynamix_allows(
    tmp_path: Path, http: Mapping[str, Any], said: str
) -> None:
    statuses = Statuses(open=1, work_in_progress=2, pending=3, closed_complete=4, closed_incomplete=5)
    apps = tuple(App(id=1 + each, forms=(7,), statuses=statuses, attributes=Attributes(device=9)) for each in range(3))
    plain = loaded(tmp_path, http={"listen": "127.0.0.1:8350", **http})
    settings = plain.model_copy(
        update={
            "tickets": Tickets(system="teamdynamix"),
            "teamdynamix": plain.teamdynamix.model_copy(update={"apps": apps}),
        }
    )
    found = [f"{key} {rest}" for _, key, rest in conflicts(settings) if "searches" in rest]
    assert [each[: len(said)] for each in found] == ([said] if said else [])
