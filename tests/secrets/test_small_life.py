"""A short life, scanned as the whole one is, and proof that the scans find what they look for."""

from collections.abc import Callable, Iterator

import pytest

from tests.rig import SYSTEMS
from tests.secrets import scans
from tests.secrets.parts import SMALL
from tests.secrets.plants import PLANTS, Plant
from tests.secrets.scans import SCANS, Lived
from tests.secrets.sinks import leaks


@pytest.fixture(scope="module", params=SYSTEMS)
def after(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    with scans.after(tmp_path_factory, SMALL, request.param) as lived:
        yield lived


def test_the_life_had_everything_in_it(after: Lived) -> None:
    scans.had_everything(after)


@pytest.mark.parametrize("scan", SCANS, ids=lambda scan: scan.__name__)
def test_no_secret_stands_where_it_does_not_belong(after: Lived, scan: Callable[[Lived], str]) -> None:
    assert not scan(after)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_leak_made_on_purpose_is_found(after: Lived, plant: Plant) -> None:
    """The last of this file: what it plants stays where it is."""
    planted = "planted-on-purpose-Zq81"
    after.life.planted.add("planted", planted)
    assert [leak.what for leak in leaks(plant(after.life, planted), after.life.planted)].count("planted") >= 1
