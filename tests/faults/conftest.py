"""A stage for a module's cases, and the clean runs of its stories."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import structlog

from connectors import reading
from tests.faults.cases import Run, clean
from tests.faults.stage import Stage
from tests.faults.stage import stage as opened
from tests.faults.stories import Story
from tests.faults.written import Written, written
from tests.rig import SYSTEMS


class Cleanly:
    """How each story goes when nothing fails: played once."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._runs: dict[Story, Run] = {}

    def __call__(self, story: Story) -> Run:
        if not self._runs:
            clean(self.stage, story)  # the first of all does what is done once: its calls are others
        if story not in self._runs:
            self._runs[story] = clean(self.stage, story)
        return self._runs[story]


@pytest.fixture(scope="module", params=SYSTEMS)
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Connectors pause for a moment only between two tries of a read. The matrix is played on every ticket system."""
    if request.param != SYSTEMS[0] and not request.path.name.endswith("test_matrix.py"):
        pytest.skip("about what ServiceNow does")
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with pytest.MonkeyPatch.context() as patch, opened(tmp_path_factory.mktemp("stage"), system=request.param) as made:
        patch.setattr(reading, "FIRST_PAUSE", timedelta(milliseconds=1))
        yield made
    structlog.configure(**before)


@pytest.fixture(autouse=True)
def _proven_elsewhere(request: pytest.FixtureRequest, stage: Stage) -> None:
    """An approval proves nothing on TeamDynamix, and a rejected ticket is a closed one there (decision 0027)."""
    params = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    if stage.system != SYSTEMS[0] and getattr(params.get("story"), "approval", "") == "requested":
        pytest.skip("a story of approvals")


@pytest.fixture(scope="module")
def put_down(stage: Stage) -> Iterator[Written]:
    """What is written down of the cases played on the stage."""
    with written(stage) as made:
        yield made


@pytest.fixture(scope="module")
def cleanly(stage: Stage) -> Cleanly:
    return Cleanly(stage)
