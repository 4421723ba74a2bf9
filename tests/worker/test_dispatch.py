"""Handing due requests to threads."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.rig import running
from worker.dispatch import local
from worker.dispatch.local import Local
from worker.poll import poll
from worker.worker import Worker


class AtOnce:
    """A pool whose threads are done before anybody looks."""

    def __init__(self, *_args: object, **_more: object) -> None:
        """Needs none."""

    def submit(self, work: Callable[..., bool], *args: Any) -> "Future[bool]":
        done: Future[bool] = Future()
        done.set_result(work(*args))
        return done

    def shutdown(self, **_more: object) -> None:
        """Nothing runs."""


def test_a_request_that_is_done_at_once_does_not_lock_the_dispatch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[int] = []
    with running(tmp_path) as rig:
        rig.file("never_activated")
        poll(rig.shop.polling, rig.clock())
        monkeypatch.setattr(local, "ThreadPoolExecutor", AtOnce)

        def advance(_worker: Worker, key: int) -> bool:
            ran.append(key)
            return True

        handed = Local(rig.shop.worker, advance, concurrency=2)
        assert handed.sweep() == 0
        assert len(ran) == 1
        assert handed.drain(timedelta(seconds=1))
