"""What the ledger knows of this person and of the hour."""

from rules.facts import History
from worker.facts.known import Known


def about_history(known: Known) -> History:
    return History(
        codes_recently=known.codes_recently,
        password_reset=known.password_reset,
        other_number=known.other_number,
    )
