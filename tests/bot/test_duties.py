"""Which part of the work a process takes on, and that a SQLite file has one process only."""

from pathlib import Path

import pytest

from bot.app import build
from bot.duties import EVERYTHING, Duty, duties_in
from bot.settings import Settings
from storage.database import Database
from tests.bot.test_start import danban, refusal, running

POSTGRES = "postgresql://nobody@127.0.0.1:1/none"


@pytest.mark.parametrize(
    ("words", "duties"),
    [
        ([], EVERYTHING),
        (["web"], {Duty.WEB}),
        (["outbox-2"], {Duty.OUTBOX}),
        (["inbox, Outbox", "scheduler"], {Duty.INBOX, Duty.OUTBOX, Duty.SCHEDULER}),
    ],
)
def test_duties_are_named_in_one_word_or_several(words: list[str], duties: set[Duty]) -> None:
    assert duties_in(words) == duties


def test_an_unknown_duty_is_told_with_the_known_ones(tmp_path: Path) -> None:
    run = danban(tmp_path, "run", "--only", "web,dance")
    assert run.returncode == 2 and "dance" in run.stderr and "scheduler" in run.stderr


def test_a_part_of_the_work_on_sqlite_is_refused_with_the_reason(tmp_path: Path) -> None:
    assert "PostgreSQL" in refusal(danban(tmp_path, "run", "--only", "outbox"))


def test_a_second_process_on_the_same_sqlite_file_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    with running(tmp_path) as (first, _url):
        assert "danban.db" in refusal(danban(tmp_path, "run"))
        first.kill()  # nobody tidies up after a power failure
        first.wait()
        with running(tmp_path) as (second, _url):
            assert second.poll() is None


async def test_each_duty_runs_its_own_jobs_and_no_others(sqlite: Database) -> None:
    app = {duty: build(Settings.load({"TELEGRAM_TOKEN": "111:AAA"}), sqlite, duties=frozenset({duty})) for duty in Duty}
    jobs = {duty: {job.__qualname__ for job in one._jobs()} - {HELLO} for duty, one in app.items()}
    assert jobs[Duty.WEB] == set()
    assert jobs[Duty.OUTBOX] == {"OutboxWorker.run"}
    assert jobs[Duty.SCHEDULER] == {"Scheduler.run"}
    assert "InboxWorker.run" in jobs[Duty.INBOX] and "TelegramAccount._live" in jobs[Duty.INBOX]
    for one in app.values():
        await one.accounts[0].close()


HELLO = "TelegramAccount._introduce_itself"
