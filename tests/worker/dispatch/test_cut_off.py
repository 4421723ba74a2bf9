"""A worker is cut off from the database in the middle of a step: another goes on, and who comes back writes nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, select
from structlog.testing import capture_logs

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.world import Sandbox
from tests.faults.effects import Effects, effects, strays, wrongs
from tests.faults.stories import Scene, Story
from tests.postgres import server
from tests.rig import SECURITY_KEY, System
from tests.wire import Wire, wire
from tests.worker.dispatch.fleet import Fleet, fleet
from worker import wiring
from worker.ledger import marks
from worker.ledger.database import Ledger
from worker.ledger.schema import events, steps
from worker.steps.fingerprint import PROBE

CODE = Story("a key's code", "personal_address", SECURITY_KEY, makes_a_code=True)
FIRST, SECOND = 0, 1
BACK = 2.0  # seconds, in which a worker looks twice


class RealTime:
    """Nobody moves it on."""

    def __call__(self) -> datetime:
        return wiring.now()

    def pass_(self, span: timedelta) -> None:
        raise AssertionError(f"{span} can't be waited for")


@dataclass
class Place:
    """Where stories are played on a fleet."""

    fleet: Fleet
    clock: RealTime = field(default_factory=RealTime)
    tickets: list[str] = field(default_factory=list)
    scenes: list[Scene] = field(default_factory=list)

    @property
    def sandbox(self) -> Sandbox:
        return self.fleet.installation.sandbox

    @property
    def ledger(self) -> Ledger:
        return self.fleet.ledger

    @property
    def system(self) -> System:
        return "servicenow"

    def file(self, story: Story) -> Scene:
        self.scenes.append(story.begin(self, len(self.scenes)))
        return self.scenes[-1]

    def play(self, story: Story) -> Effects:
        """One request to its delivery; what came of it."""
        scene = self.file(story)
        self.fleet.until(lambda: self.fleet.are([scene.filed], "awaiting"))
        return effects(scene)

    def written(self) -> list[tuple[object, ...]]:
        """All that the ledger says of what was done."""
        with self.ledger.reading() as connection:
            return [tuple(row) for table in (steps, events) for row in connection.execute(select(table))]


def after(place: Place, system: str, path: str, act: Callable[[], object]) -> None:
    """Once, when a call that writes was carried out, and before its answer goes back."""
    stand_in = place.sandbox.servers[system]
    serve = stand_in.app

    def watched(request: Request) -> Response:
        answer = serve(request)
        if request.method != "GET" and path in request.path and stand_in.app is watched:
            stand_in.app = serve
            act()
        return answer

    stand_in.app = watched


def behind(url: str, line: Wire) -> str:
    """The same database by way of the line."""
    return make_url(url).set(port=line.port).render_as_string(hide_password=False)


MOMENTS = (
    pytest.param("duo", "bypass_codes", id="a code was made"),
    pytest.param("password_pusher", "", id="it is in a push", marks=pytest.mark.long),
    pytest.param("servicenow", "sc_task", id="the ticket is taken", marks=pytest.mark.long),
)


def came_late(logged: Sequence[Mapping[str, object]], number: str) -> bool:
    """Whether a worker found that the request isn't its own any more."""
    return any(each["event"] == "lease_lost" and each["ticket"] == number for each in list(logged))


@dataclass
class CutOff:
    """One worker was cut off in the middle of `scene`, and another has brought it to its end."""

    place: Place
    line: Wire
    scene: Scene
    clean: Effects


@contextmanager
def cut_off(folder: Path, system: str, path: str, how: Callable[[Wire], None]) -> Iterator[CutOff]:
    """In the step that makes this call; until then it was the only one."""
    with server() as own, wire(own.port) as line:
        url = own.databases.make()
        with fleet(folder, url) as workers:
            place = Place(workers)
            with place.ledger.writing() as connection:
                marks.put(connection, PROBE, {}, wiring.now())
            workers.join(behind(url, line))
            clean = place.play(CODE)
            after(place, system, path, lambda: how(line))
            scene = place.file(CODE)
            workers.until(lambda: not line.passes())
            workers.join()
            workers.until(lambda: workers.are([scene.filed], "awaiting"))
            assert workers.owners() == [workers.shops[SECOND].worker.owner]
            yield CutOff(place, line, scene, clean)
            assert workers.leave(FIRST)
            assert workers.leave(SECOND)


@pytest.mark.parametrize(("system", "path"), MOMENTS)
def test_who_is_cut_off_in_a_step_comes_back_late_and_writes_nothing(tmp_path: Path, system: str, path: str) -> None:
    with capture_logs() as logged, cut_off(tmp_path, system, path, Wire.cut) as found:
        number = found.scene.filed.task.number
        with unchanged(found):
            assert not came_late(logged, number), "what it writes is stuck"
            found.line.mend()
            found.place.fleet.until(lambda: came_late(logged, number))


@pytest.mark.long
@pytest.mark.parametrize(("system", "path"), MOMENTS)
def test_whose_connections_are_torn_in_a_step_comes_back_and_does_nothing_again(
    tmp_path: Path, system: str, path: str
) -> None:
    with cut_off(tmp_path, system, path, Wire.tear) as found, unchanged(found):
        found.line.mend()


@contextmanager
def unchanged(found: CutOff) -> Iterator[None]:
    """What the one does who comes back changes nothing, in the ledger or outside, and all is as after a clean run."""
    place = found.place
    written, writes = place.written(), len(place.sandbox.calls.writes())
    yield
    place.fleet._pause.wait(BACK)
    assert place.written() == written
    assert len(place.sandbox.calls.writes()) == writes
    assert effects(found.scene) == found.clean
    assert not [*wrongs(found.scene), *strays(place.scenes)]
