"""The business rules in their order. Those before a write may change or refuse it, those after it ask for others."""

from collections.abc import Callable, Iterable
from typing import Final

from connectors.sandbox.servicenow.business import (
    closing,
    customer_rules,
    filing,
    request_state,
    roll_up,
    state_model,
    touching,
)
from connectors.sandbox.servicenow.business.change import Change, Write
from connectors.sandbox.servicenow.records.store import Record

BEFORE: Final[tuple[Callable[[Change], None], ...]] = (
    state_model.refuse_in_silence,
    filing.number,
    filing.describe,
    request_state.in_process,
    closing.derive_active,
    closing.sign,
    customer_rules.abort,
    customer_rules.data_policies,
)
AFTER: Final[tuple[Callable[[Change, Record], Iterable[Write]], ...]] = (roll_up.roll_up, touching.touch_item)
