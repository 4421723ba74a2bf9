"""What can't be reached is named with its address and the key of the configuration that has it."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from connectors.duo import users
from connectors.errors import Unavailable
from tests.rig import Rig, System, running

ASKED: Final[dict[str, tuple[str, Callable[[Rig], object]]]] = {
    "servicenow": ("url in [servicenow]", lambda rig: rig.shop.worker.systems.tickets.find("SCTASK0010001")),
    "teamdynamix": ("url in [teamdynamix]", lambda rig: rig.shop.worker.systems.tickets.find("12345")),
    "duo": ("host in [duo]", lambda rig: users.find(rig.shop.worker.systems.duo, "ann")),
    "password_pusher": ("url in [password_pusher]", lambda rig: rig.shop.worker.systems.password_pusher.version()),
    "mail": ("host in [mail]", lambda rig: rig.shop.worker.systems.mail.sign_in()),
}


@pytest.mark.parametrize("name", ASKED)
def test_an_unreachable_system_is_named_with_its_address_and_its_key(tmp_path: Path, name: str) -> None:
    system: System = "teamdynamix" if name == "teamdynamix" else "servicenow"
    with running(tmp_path, system=system) as rig:
        port = rig.sandbox.ports[name]
        rig.shop.stop.set()  # no second try
        rig.sandbox.stop()
        key, ask = ASKED[name]
        with pytest.raises(Unavailable) as unreachable:
            ask(rig)
        said = str(unreachable.value)
        assert f"localhost:{port}" in said or f"127.0.0.1:{port}" in said
        assert said.endswith(f": see {key}")
