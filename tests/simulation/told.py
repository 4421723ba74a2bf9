"""What came of a ticket and what was sent for it, read where it arrived: at the help site, on phones, in mailboxes."""

from collections import Counter

from tests.rig import Filed
from tests.simulation.behaviours import Story
from tests.simulation.weeks import Acting, Weeks

REMINDER = "We don't see a new device on your Duo account yet."
SUBJECTS = {
    "Your temporary Duo code": "link_mails",
    "Duo access for your account": "access_mails",
    "A new device on your Duo account": "device_mails",
    "Your Duo code was used": "warnings",
}


class Told:
    """All that was sent in a simulation, counted once."""

    def __init__(self, weeks: Weeks) -> None:
        sandbox = weeks.rig.sandbox
        self._rig = weeks.rig
        self._texts = Counter(text.number for text in sandbox.duo.texts if text.kind == "activation")
        self._codes = Counter(push.name for push in sandbox.password_pusher.pushes)
        self._mails = Counter(_subject(mail.subject) for mail in sandbox.mail.messages)

    def differences(self, acting: Acting) -> list[str]:
        """Where the stories of one person's tickets aren't the expected ones; texts are counted on the first one."""
        ends = acting.behaviour.ends
        filed = acting.life.filed
        if len(ends) != len(filed):
            return [f"{acting.behaviour.name}: {len(filed)} tickets were filed"]
        found = [self._story(acting, each) for each in filed]
        return [
            f"{acting.behaviour.name}, {each.task.number}: {story} instead of {expected}"
            for each, story, expected in zip(filed, found, ends, strict=True)
            if story != expected
        ]

    def _story(self, acting: Acting, filed: Filed) -> Story:
        number, request = filed.task.number, self._rig.request(filed)
        mails = {field: self._mails[(field, number)] for field in SUBJECTS.values()}
        return Story(
            ticket=self._rig.stands(filed),
            state=str(request.state),
            how=request.how or request.rule_row,
            texts=self._texts[acting.life.person.number] if filed is acting.life.filed[0] else 0,
            codes=self._codes[number],
            reminders=sum(REMINDER in note for note in self._rig.notes(filed, "comments")),
            **mails,
        )


def _subject(subject: str) -> tuple[str, str]:
    """What a mail is, and of which ticket."""
    words, _, number = subject.partition(", ticket ")
    return SUBJECTS[words], number
