"""Who opened the request."""

from rules.facts import Requester
from worker.directory import Directory
from worker.facts.known import Known
from worker.facts.parties import same
from worker.facts.settings import PolicySettings
from worker.tickets.ticket import Ticket


def about_requester(ticket: Ticket, known: Known, directory: Directory, settings: PolicySettings) -> Requester:
    opener = ticket.opener.user_name
    return Requester(
        is_person=same(opener, ticket.person.user_name),
        on_service_desk=directory.is_member(opener, settings.service_desk_groups),
        opened_recently=known.opened_recently,
    )
