"""A stand-in for ServiceNow that speaks the real protocol: OAuth, Table API, Batch API, attachments."""

from connectors.sandbox.servicenow.acts.acts import ENROLMENT_ITEM, RESET_ITEM
from connectors.sandbox.servicenow.acts.filing import Filed, Ref
from connectors.sandbox.servicenow.acts.views import Entry
from connectors.sandbox.servicenow.stand_in import Credentials, ServiceNow
from connectors.sandbox.servicenow.switches import AbortRule, DataPolicy, RateLimit, Switches

__all__ = [
    "ENROLMENT_ITEM",
    "RESET_ITEM",
    "AbortRule",
    "Credentials",
    "DataPolicy",
    "Entry",
    "Filed",
    "RateLimit",
    "Ref",
    "ServiceNow",
    "Switches",
]
