"""Any valid configuration, written out by `dump` and read again, is the same configuration."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worker.settings.configured import loaded
from worker.settings import load
from worker.settings.dump import dump
from worker.settings.duration import parse, text

DURATIONS = st.builds(lambda number, unit: f"{number}{unit}", st.integers(1, 99), st.sampled_from("smhd"))
TEXTS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=12)
LISTS = st.lists(TEXTS, max_size=3)
FIELDS = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True)
RATES = st.fixed_dictionaries({"count": st.integers(1, 10_000), "per": DURATIONS})


def some(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keys)


CONFIGURATIONS = st.fixed_dictionaries(
    {
        "worker": some(
            mode=st.sampled_from(["live", "shadow"]),
            start_from=st.sampled_from(["", "2026-01-31T08:00:00-07:00", "2026-10-25T01:30:00.5Z"]),
            poll_every=DURATIONS,
            concurrency=st.integers(1, 64),
            state=st.sampled_from(["sqlite:///a.db", "sqlite:////srv/ä b.db"]),
        ),
        "servicenow": some(
            hold_group=TEXTS,
            username=TEXTS,
            reset_items=st.lists(st.from_regex(r"[0-9a-f]{32}", fullmatch=True), max_size=2),
            passphrase_field=FIELDS,
            comments_are_mailed=st.booleans(),
            choices=st.fixed_dictionaries({"device": st.dictionaries(TEXTS, st.just("duo_mobile"), max_size=3)}),
            states=some(open=TEXTS, pending=TEXTS),
            variables=some(device=FIELDS, phone_os=st.just("") | FIELDS),
        ),
        "duo": some(port=st.integers(1, 65535), create_users=st.booleans()),
        "policy": some(
            code_valid=st.sampled_from(["10m", "8h", "1440m", "24h"]),
            codes_per_person=RATES,
            per_opener=RATES,
            identity_groups=LISTS,
            guards_off=LISTS,
            trusted_number_fields=st.lists(FIELDS, max_size=2),
            phone_regions=st.lists(st.sampled_from(["US", "CA", "DE"]), min_size=1, max_size=3),
            passphrase=st.sampled_from(["auto", "none"]),
        ),
        "follow_up": some(check_after=st.lists(DURATIONS, min_size=1, max_size=4), give_up_after=st.just("100d")),
        "support": some(phone=TEXTS, site=TEXTS),
        "http": some(
            listen=st.sampled_from(["", "127.0.0.1:8350", "[::1]:9", "localhost:65535"]), hint_every=DURATIONS
        ),
    }
)


@settings(max_examples=60, deadline=None)
@given(CONFIGURATIONS)
def test_a_configuration_survives_dump_and_load(configuration: dict[str, dict[str, Any]]) -> None:
    with TemporaryDirectory() as folder:
        before = loaded(Path(folder), **configuration)
        again = Path(folder) / "again.toml"
        again.write_text(dump(before), encoding="utf-8")
        assert load(again, {}) == before


@given(st.integers(1, 3650 * 86_400))
def test_a_duration_survives_its_text(seconds: int) -> None:
    duration = parse(f"{seconds}s")
    assert parse(text(duration)) == duration
