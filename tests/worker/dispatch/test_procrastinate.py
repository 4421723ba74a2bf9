"""Several workers on one ledger: they share the work, one of them polls, and whoever is gone is missed by nobody."""

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.worker.dispatch.fleet import Fleet, fleet
from worker.brakes import pause, resume
from worker.dispatch import queue
from worker.poll import poll

DOING = text("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
STALLED = text(
    "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES ('requests', 'advance', '{}', 'doing')"
)
HANDED_OUT = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('requests', 'advance', 0, NULL, 'request 1',"
    " '{\"request_id\": 1}'::jsonb, NULL)]::procrastinate_job_to_defer_v1[])"
)


def jobs(place: Fleet) -> int:
    with place.ledger.reading() as connection:
        return int(connection.execute(DOING).scalar_one())


@pytest.mark.parametrize("dispatch", ["procrastinate", "local"])
def test_workers_share_the_work_and_one_of_them_polls(tmp_path: Path, database: str, dispatch: str) -> None:
    with fleet(tmp_path, database, dispatch=dispatch) as place:
        for _ in range(2):
            place.join()
        filed = [place.installation.file("never_activated", number) for number in range(2)]
        place.until(lambda: place.are(filed, "awaiting"))
        assert place.texts() == 2
        (first,) = place.owners()
        gone = next(number for number, shop in enumerate(place.shops) if shop.worker.owner == first)
        assert place.leave(gone)
        late = place.installation.file("never_logged_in")
        place.until(lambda: place.are([late], "held"))
        (second,) = place.owners()
        assert second == place.shops[1 - gone].worker.owner
        assert place.leave(1 - gone)
        assert place.owners() == []
        assert jobs(place) == 0


def test_what_is_handed_out_already_stands_still_while_everything_is_paused(tmp_path: Path, database: str) -> None:
    with fleet(tmp_path, database) as place:
        shop = place.join()
        place.until(lambda: shop.directory.age() < shop.settings.worker.lease)
        pause(place.ledger, shop.worker.clock(), everything=True, why="a test")
        filed = place.installation.file("never_activated")
        poll(shop.polling, shop.worker.clock())
        with place.ledger.writing() as connection:
            connection.execute(HANDED_OUT)
        place.until(lambda: jobs(place) == 0)
        assert place.states() == ["new"]
        resume(place.ledger, shop.worker.clock())
        place.until(lambda: place.are([filed], "awaiting"))


def test_a_job_of_a_worker_that_died_is_dropped_and_its_request_is_done(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "UPKEEP_CRON", ("* * * * * *", "* * * * * *"))
    with fleet(tmp_path, database) as place:
        with place.ledger.writing() as connection:
            connection.execute(STALLED)
        place.join()
        filed = place.installation.file("never_activated")
        place.until(lambda: place.are([filed], "awaiting") and jobs(place) == 0)
        with place.ledger.reading() as connection:
            left = connection.execute(text("SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'requests'"))
            assert left.scalar_one() == 0


def test_a_bug_that_a_job_meets_ends_the_service(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Bug(Exception):
        pass

    def broken(*_: object) -> bool:
        raise Bug

    monkeypatch.setattr("worker.service.advance", broken)
    with fleet(tmp_path, database) as place:
        place.join()
        place.installation.file("never_activated")
        with pytest.raises(Bug):
            place.ends[0].result(20)
