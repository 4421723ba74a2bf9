"""Everything a decision may look at, from the ticket, Duo and what the ledger says. Nothing is written anywhere."""

from dataclasses import dataclass, replace
from datetime import datetime

from connectors.duo.model import User
from connectors.duo.transport import Admin
from rules.facts import Facts
from worker.addresses import Addresses, addresses
from worker.directory import Directory
from worker.facts.history import about_history
from worker.facts.in_duo import ask_duo
from worker.facts.known import Known
from worker.facts.limits import about_limits
from worker.facts.number import about_number
from worker.facts.policy import about_policy
from worker.facts.proof import find_evidence
from worker.facts.request import about_request
from worker.facts.requester import about_requester
from worker.facts.settings import PolicySettings
from worker.facts.smartphone import about_smartphone
from worker.facts.user import about_user
from worker.tickets.ticket import Ticket


@dataclass(frozen=True)
class Gathered:
    """The facts, and what the steps need of what they were read from."""

    facts: Facts
    user: User | None  # the one Duo user that was meant
    smartphone_id: str  # of the phone an activation link would be texted to; empty: none
    number: str  # that phone's, else the typed one; E.164
    addresses: Addresses
    evidence: tuple[str, ...]  # for the work note: how each proof present was found


def gather(
    ticket: Ticket,
    known: Known,
    directory: Directory,
    policy: PolicySettings,
    admin: Admin,
    *,
    me: str,
    marker_prefix: str,
    now: datetime,
) -> Gathered:
    """`me` is the worker's user name at the ticket system, `marker_prefix` begins the marker of our work notes.

    Costs the calls of `ask_duo`. May be repeated; raises what its reads raise.
    """
    in_duo = ask_duo(admin, ticket, policy, retired=known.retired_phones)
    on_file = addresses(
        ticket.person,
        in_duo.user,
        same_login_domains=policy.same_login_domains,
        notice_copy=policy.notice_copy,
        creates_users=policy.create_users and not in_duo.matches,
    )
    facts = Facts(
        request=about_request(ticket, known, me=me, marker_prefix=marker_prefix, now=now),
        requester=about_requester(ticket, known, directory, policy),
        user=about_user(
            in_duo, ticket.person, on_file, directory=directory, settings=policy, made_phone_ids=known.made_phone_ids
        ),
        usable_smartphone=about_smartphone(in_duo, known.made_phone_ids),
        number=about_number(ticket, in_duo, regions=policy.phone_regions),
        history=about_history(known),
        limits=about_limits(policy),
        policy=about_policy(policy, directory, in_duo, now),
    )
    evidence = find_evidence(
        ticket, in_duo, facts, on_file.second, known=known, directory=directory, settings=policy, me=me
    )
    return Gathered(
        facts=replace(facts, proof=evidence.proof()),
        user=in_duo.user,
        smartphone_id=facts.usable_smartphone.id,
        number=in_duo.smartphone.number if in_duo.smartphone else ticket.answers.phone_number,
        addresses=on_file,
        evidence=evidence.sentences(),
    )
