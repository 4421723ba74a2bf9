"""Running the demonstration: people file, the worker works, people act on what they got."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from connectors.sandbox.servicenow.acts.filing import Filed
from connectors.sandbox.world import Sandbox
from rules.facts import OPTIONS
from worker.demo import people
from worker.demo.screen import Line, Screen
from worker.demo.stories import STORIES, Story
from worker.ledger import requests, views
from worker.ledger.rows import Request, StepRow
from worker.once import once
from worker.shop import Shop

SETTLED = timedelta(seconds=1.2)
LOOK = timedelta(milliseconds=200)


@dataclass
class Show:
    """One run. `acted` is what each person did, by ticket."""

    sandbox: Sandbox
    shop: Shop
    screen: Screen
    stopwatch: Callable[[], float]
    filed: list[tuple[Story, Filed]] = field(default_factory=list)
    acted: dict[str, str] = field(default_factory=dict)

    def run(self) -> float:
        """All of it; how many seconds it took."""
        began = self.stopwatch()
        self._file(STORIES)
        with self.screen:
            self._work()
            self._let_people_act()
            self.shop.stop.wait(SETTLED.total_seconds())
            self._work()
        seconds = self.stopwatch() - began
        self.screen.end(self._lines(), self._sentence(seconds))
        return seconds

    def outcomes(self) -> list[dict[str, Any]]:
        """What --json prints of every request."""
        return [self._outcome(filed) for _, filed in self.filed]

    def _file(self, stories: Sequence[Story]) -> None:
        now = self.shop.worker.clock()
        self.filed += [(story, story.file(self.sandbox, now)) for story in stories]

    def _work(self) -> None:
        working = threading.Thread(target=self._pass, name="demo-pass")
        working.start()
        while working.is_alive():
            self.screen.show(self._lines())
            working.join(LOOK.total_seconds())
        self.screen.show(self._lines())
        if self._failed is not None:
            raise self._failed

    _failed: BaseException | None = None

    def _pass(self) -> None:
        try:
            once(self.shop)
        except BaseException as failed:  # noqa: BLE001 - raised again where the screen is
            self._failed = failed

    def _let_people_act(self) -> None:
        for story, filed in self.filed:
            request = self._request(filed)
            if request is not None and request.state == "awaiting":
                person = self.sandbox.person(story.kind, story.place)
                self.acted[filed.task.number] = people.act(self.sandbox, person, request.outcome, filed.task.number)

    def _request(self, filed: Filed) -> Request | None:
        with self.shop.ledger.reading() as connection:
            return requests.by_ticket(connection, "servicenow", filed.task.sys_id)

    def _steps(self, request: Request) -> list[StepRow]:
        with self.shop.ledger.reading() as connection:
            return views.story(connection, request)[0]

    def _lines(self) -> list[Line]:
        return [self._line(story, filed) for story, filed in self.filed]

    def _line(self, story: Story, filed: Filed) -> Line:
        number, request = filed.task.number, self._request(filed)
        if request is None:
            return Line(number, story.about, "", "", "", "", "")
        return Line(
            number,
            story.about,
            outcome(request),
            request.rule_row,
            request.proof,
            str(request.state),
            self.acted.get(number) or request.waits_for,
        )

    def _outcome(self, filed: Filed) -> dict[str, Any]:
        request = self._request(filed)
        if request is None:
            unseen = dict.fromkeys(("option", "row", "proof", "outcome", "state"), "")
            return {"ticket": filed.task.number, **unseen, "steps": []}
        return {
            "ticket": request.number,
            "option": request.outcome if request.outcome in OPTIONS else "",
            "row": request.rule_row or request.wait_row,
            "proof": request.proof,
            "outcome": outcome(request),
            "state": str(request.state),
            "steps": [step.name for step in self._steps(request) if step.state == "done"],
        }

    def _sentence(self, seconds: float) -> str:
        found = [self._request(filed) for _, filed in self.filed]
        served = sum(1 for request in found if request is not None and request.outcome in OPTIONS)
        return (
            f"{len(found)} requests in {seconds:.1f} s: {served} served, {len(found) - served} left to people or"
            f" waiting; {sum(map(bool, self.acted.values()))} of those served enrolled at once"
        )


def outcome(request: Request) -> str:
    """An option's id, hold, refuse or wait; empty while nothing is decided."""
    return request.outcome or ("wait" if request.waits_for else "")
