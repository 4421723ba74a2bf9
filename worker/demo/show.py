"""Running the demonstration: people file, the worker works, people act on what they got."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from connectors.sandbox.world import Sandbox
from rules.facts import OPTIONS
from worker.demo import people
from worker.demo.clock import Ahead
from worker.demo.screen import Line, Screen
from worker.demo.stories import STORIES, Filed, HelpSite, Story
from worker.ledger import requests, views
from worker.ledger.rows import Request, StepRow
from worker.once import once
from worker.shop import Shop

SETTLED = timedelta(seconds=1.2)
LOOK = timedelta(milliseconds=200)
LATER = (timedelta(hours=25), timedelta(days=7))
"""By how much the clock is set forward: past the reminder, and past giving up."""
CLOSED = ("closed", "3", "4", "7")
"""States of tickets that have ended, as the help sites tell them."""
NOT_NEEDED, UNSEEN = "none", "before it was seen"
DONE = {
    "create_phone": "phone made",
    "set_platform": "platform set",
    "detach_phones": "dead phones taken off",
    "code_in_push": "code made",
    "link_mail": "link mailed",
    "activation_text": "link texted",
    "enrollment_mail": "Duo asked to mail a link",
    "tell_reminder": "reminded",
    "revoke_code": "code revoked",
    "tell_held": "handed to a person",
    "tell_stepped_back": "left to the technician",
}
"""Steps worth a word in the table, and the word."""


@dataclass
class Show:
    """One run. `acted` is what each person did, by ticket."""

    sandbox: Sandbox
    shop: Shop
    screen: Screen
    clock: Ahead
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
            for span in LATER:
                self._set_clock_forward(span)
                self._work()
        seconds = self.stopwatch() - began
        self.screen.end(self._lines(), self._sentence(seconds))
        return seconds

    def outcomes(self) -> list[dict[str, Any]]:
        """What --json prints of every request."""
        return [self._outcome(filed) for _, filed in self.filed]

    def _file(self, stories: Sequence[Story]) -> None:
        now, site = self.shop.worker.clock(), self.sandbox.help_site(self.shop.settings.tickets.system)
        self.filed += [(story, story.file(self.sandbox, site, now)) for story in stories]

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
                self.acted[filed.task.number] = self._act(story, filed.task.number, request.outcome)

    def _act(self, story: Story, task: str, option: str) -> str:
        person, site = self.sandbox.person(story.kind, story.place), self._site
        match story.reacts:
            case "enrols":
                return people.act(self.sandbox, person, option, people.passphrase(site.ticket(task)))
            case "comments":
                return people.comment(site, person, task)
            case _:
                return "did nothing in 8 days of the sandbox's clock"

    def _set_clock_forward(self, span: timedelta) -> None:
        """Of the worker and the sandbox; requests are signed with the real time, so Duo's stand-in must bear that."""
        self.sandbox.duo.switches.clock_skew = None
        self.clock.set_forward(span)
        self.screen.say(f"The clock of sandbox and worker is set forward by {span.total_seconds() / 3600:.0f} hours")

    @property
    def _site(self) -> HelpSite:
        """Where people file."""
        return self.sandbox.help_site(self.shop.settings.tickets.system)

    def _request(self, filed: Filed) -> Request | None:
        with self.shop.ledger.reading() as connection:
            return requests.by_ticket(connection, self.shop.settings.tickets.system, filed.task.sys_id)

    def _steps(self, request: Request) -> list[StepRow]:
        with self.shop.ledger.reading() as connection:
            return views.story(connection, request)[0]

    def _lines(self) -> list[Line]:
        return [self._line(story, filed) for story, filed in self.filed]

    def _line(self, story: Story, filed: Filed) -> Line:
        number, request = filed.task.number, self._request(filed)
        if request is None:
            return self._unseen(story, number)
        return Line(
            number,
            story.about,
            outcome(request),
            request.rule_row,
            request.proof,
            str(request.state),
            "; ".join(filter(None, (_done(self._steps(request)), self.acted.get(number) or request.waits_for))),
            request.how,
        )

    def _unseen(self, story: Story, number: str) -> Line:
        """The worker has nothing of it: not yet, or people had closed the ticket before it looked."""
        status = self._closed_as(number)
        if not status:
            return Line(number, story.about, "", "", "", "", "")
        said = f"the ticket was {status} before the worker saw it, so nothing was done"
        return Line(number, story.about, NOT_NEEDED, "", "", "closed", said, UNSEEN)

    def _closed_as(self, number: str) -> str:
        """What the help site calls the ticket's end; empty while it is open."""
        found = self._site.ticket(number)
        return str(found.get("status") or "closed") if str(found["state"]) in CLOSED else ""

    def _outcome(self, filed: Filed) -> dict[str, Any]:
        request = self._request(filed)
        if request is None:
            line = self._unseen(next(story for story, each in self.filed if each is filed), filed.task.number)
            seen = {"outcome": line.outcome, "state": line.state, "how": line.how}
            return {"ticket": filed.task.number, **dict.fromkeys(("option", "row", "proof"), ""), **seen, "steps": []}
        return {
            "ticket": request.number,
            "option": request.outcome if request.outcome in OPTIONS else "",
            "row": request.rule_row or request.wait_row,
            "proof": request.proof,
            "outcome": outcome(request),
            "state": str(request.state),
            "how": request.how,
            "steps": [step.name for step in self._steps(request) if step.state == "done"],
        }

    def _sentence(self, seconds: float) -> str:
        found = [request for _, filed in self.filed if (request := self._request(filed)) is not None]
        served = [request for request in found if request.outcome in OPTIONS]
        enrolled = [request for request in served if request.how == "enrolled"]
        days = sum(LATER, timedelta()).days
        return (
            f"{len(self.filed)} requests in {seconds:.1f} s: {len(served)} served, {len(enrolled)} of these enrolled; "
            f"the others are with people, or were refused by the worker or by them. "
            f"{days} days of it passed by setting the clock of sandbox and worker forward."
        )


def _done(steps: Sequence[StepRow]) -> str:
    """In a few words, each said once."""
    return ", ".join(dict.fromkeys(DONE[step.name] for step in steps if step.state == "done" and step.name in DONE))


def outcome(request: Request) -> str:
    """An option's id, hold, refuse or wait; empty while nothing is decided."""
    return request.outcome or ("wait" if request.waits_for else "")
