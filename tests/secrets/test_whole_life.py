"""After a life with everything in it, no secret stands anywhere but where it belongs."""

from collections.abc import Callable, Iterator

import pytest

from tests.rig import SYSTEMS
from tests.secrets import scans
from tests.secrets.parts import WHOLE
from tests.secrets.scans import SCANS, Lived

pytestmark = pytest.mark.long


@pytest.fixture(scope="module", params=SYSTEMS)
def after(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    with scans.after(tmp_path_factory, WHOLE, request.param) as lived:
        yield lived


def test_the_life_had_everything_in_it(after: Lived) -> None:
    scans.had_everything(after)


@pytest.mark.parametrize("scan", SCANS, ids=lambda scan: scan.__name__)
def test_no_secret_stands_where_it_does_not_belong(after: Lived, scan: Callable[[Lived], str]) -> None:
    assert not scan(after)
