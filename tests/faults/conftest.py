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


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Connectors pause for a moment only between two tries of a read."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with pytest.MonkeyPatch.context() as patch, opened(tmp_path_factory.mktemp("stage")) as made:
        patch.setattr(reading, "FIRST_PAUSE", timedelta(milliseconds=1))
        yield made
    structlog.configure(**before)


@pytest.fixture(scope="module")
def cleanly(stage: Stage) -> Cleanly:
    return Cleanly(stage)
