"""What a table holds, once it is read and checked."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from rules.expression import Expression
from rules.facts import OPTIONS
from rules.sentence import Sentence

HOLD, REFUSE, WAIT = "hold", "refuse", "wait"
OUTCOMES = (*OPTIONS, HOLD, REFUSE, WAIT)

ENROLLED, LOOK, REMIND, REISSUE, GIVE_UP = "enrolled", "look", "remind", "reissue", "give_up"

ADD_PHONE = "mobile.add_phone"
CODE_OPTIONS = ("mobile.bypass_code", "key.bypass_code")

# Of the ladder. `look` is enrolled, but held for a person's look; `reissue` gives the same once more. It never changes
# to an option that needs less proof: those that need most are all it may change to.
LADDER_OUTCOMES = (ENROLLED, LOOK, HOLD, REMIND, REISSUE, GIVE_UP, WAIT, *CODE_OPTIONS)

IDENTITY_CHECK = "identity-check"  # the row of a request whose proof is missing
RULE_FAILED = "rule-failed"  # the row of a request one of whose rows couldn't be asked
PASS = "pass"  # what an example of the guards expects where none of them fires
RESERVED = (IDENTITY_CHECK, RULE_FAILED, PASS)


@dataclass(frozen=True)
class Row:
    """If every expression of `when` holds: `outcome`, an option or hold, refuse or wait."""

    id: str
    outcome: str
    when: tuple[Expression, ...]
    because: Sentence
    next_step: Sentence  # for the technician who gets a held request; empty where there is none
    then: str = ""  # of mobile.add_phone: the option that follows
    again_in: timedelta | None = None  # of a wait
    at_most: timedelta | None = None  # of a wait: held after it
    optional: bool = False  # may be switched off by `[policy] guards_off`


@dataclass(frozen=True)
class ProofRow:
    """Evidence that counts for `options` if every expression of `when` holds.

    `missing` names it where no proof is there; empty: it isn't something that a technician could bring.
    """

    id: str
    options: tuple[str, ...]
    when: tuple[Expression, ...]
    missing: str
    next_step: Sentence


@dataclass(frozen=True)
class Table:
    """Rows of which the first that matches decides; the last one matches always and holds."""

    file: str
    rows: tuple[Row, ...]
    digest: str  # of its text
    examples: int = 0  # how many it holds, all of them passed


@dataclass(frozen=True)
class Guards:
    """Rows asked before any other table's, the proofs asked of every option, and which rows are switched `off`."""

    file: str
    rows: tuple[Row, ...]
    proofs: tuple[ProofRow, ...]
    digest: str
    examples: int = 0
    off: frozenset[str] = frozenset()

    @property
    def switched_on(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.id not in self.off)

    @property
    def version(self) -> str:
        return digest_of((self.digest, *sorted(self.off)))

    def proofs_for(self, option: str) -> tuple[ProofRow, ...]:
        return tuple(proof for proof in self.proofs if option in proof.options)


def digest_of(parts: Iterable[str]) -> str:
    """Twelve characters that stand for `parts` in their order."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
