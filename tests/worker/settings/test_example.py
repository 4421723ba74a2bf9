import tomllib
from itertools import pairwise
from pathlib import Path

from worker.settings import load
from worker.settings.example import example
from worker.settings.overrides import known
from worker.settings.settings import Settings

SHIPPED = Path(__file__).parents[3] / "config.example.toml"


def test_the_shipped_example_is_made_from_the_tables() -> None:
    assert SHIPPED.read_text(encoding="utf-8") == example(), "make it anew: python -m worker.settings.example"


def test_the_example_names_every_key() -> None:
    tables = tomllib.loads(example())
    for keys in known(Settings):
        value = tables
        for key in keys:
            value = value[key]


def test_the_example_loads_as_shadow_once_its_secret_files_are_there(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    for name in ("ledger.key", "servicenow-client", "duo", "password-pusher"):
        (tmp_path / "secrets" / name).write_text("secret")
    path = tmp_path / "config.toml"
    path.write_text(example())
    assert load(path, {}).worker.mode == "shadow"


def test_every_key_is_explained_in_lines_that_fit() -> None:
    lines = example().splitlines()
    assert max(len(line) for line in lines) <= 120
    for before, line in pairwise(lines):
        if " = " in line and not line.startswith(("#", '"')):
            assert before.startswith("# "), line
