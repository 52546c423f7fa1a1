"""The product itself as a process to be measured: real app, real database, Telegram by webhook.

`--book steps` puts the three steps everybody is measured by in place of the product's own commands and forms; all else
stays what it is. `--count-statements` says at the end how many statements a turn took. Its settings come from the
environment, like the product's.
"""

import argparse
import asyncio
import cProfile
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import bot.app
from bench.bots.steps import ASK_NAME, ASK_PLACE, COMMAND, THANKS
from bench.ground.world import FIRST_CHAT, TOKEN
from bot.channels.telegram_intake import Intake
from bot.clock import Clock
from bot.duties import Duty, duties_in
from bot.garbage import keep_the_start
from bot.sample import seed
from bot.settings import Settings
from domain.people import GroupKind
from handlers.context import Book, Command, FormHandler, Turn
from handlers.engine.event import Event
from handlers.engine.form import Data, Field, Form, Question, lacks
from handlers.filling import begin
from handlers.resident.start import CONSENT_VERSION
from storage import invites, people, wards
from storage.database import Database
from storage.listening import listening
from storage.outbox import Address

FORM = "steps"
CHANNEL = "telegram"
GROUP = -100


def _kept(name: str) -> Any:
    def accept(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
        return data | {name: event.text}

    return accept


async def _done(turn: Turn, data: Data) -> None:
    turn.say(THANKS.format(**data))


async def _nothing(turn: Turn, *_: object) -> None:
    raise AssertionError("not in these steps")


async def _no_code(turn: Turn) -> bool:
    return False


STEPS = Book(
    commands=(Command(names=(COMMAND[1:],), about="", run=lambda turn, _: begin(turn, FORM, {})),),
    forms={
        FORM: FormHandler(
            form=Form(
                name=FORM,
                fields=(
                    Field(missing=lacks("name"), ask=lambda *_: Question(text=ASK_NAME), accept=_kept("name")),
                    Field(missing=lacks("place"), ask=lambda *_: Question(text=ASK_PLACE), accept=_kept("place")),
                ),
            ),
            done=_done,
            cancelled=_nothing,
        )
    },
    free_text=_nothing,
    reply_to_case=_nothing,
    linking_code=_no_code,
)


async def main() -> None:
    """Migrate, seed the sample ward with a group for every unit, and serve until told to stop."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--book", choices=("product", "steps"), default="product")
    arguments.add_argument("--count-statements", action="store_true")
    arguments.add_argument("--profile", default="")
    arguments.add_argument("--residents", type=int, default=0)
    arguments.add_argument("--only", default=[], action="append", choices=[one.value for one in Duty])
    arguments.add_argument("--store-nothing", action="store_true", help="take updates and forget them")
    given = arguments.parse_args()
    settings = Settings.load(dict(os.environ))
    if given.book == "steps":
        bot.app.BOOK = STEPS
    database = Database.open(settings.database_url)
    await database.migrate()
    await prepare(database, TOKEN.partition(":")[0], residents=given.residents)
    if given.store_nothing:
        Intake.store = _forget
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    profile = cProfile.Profile(time.thread_time) if given.profile else None
    if profile:
        profile.enable()
    app = bot.app.build(settings, database, duties=duties_in(given.only))
    with counting(database) if given.count_statements else nullcontext(Counter[str]()) as counted:
        await app.serve(stop, started)
    if profile:
        profile.disable()
        profile.dump_stats(given.profile)
    await database.close()
    for statement, count in counted.most_common(40):
        print(f"{count:8} {statement[:300]}", file=sys.stderr)


def started(port: int) -> None:
    """As the product starts: what is here now is kept, and the port is told."""
    keep_the_start()
    print(port, flush=True)


async def _forget(intake: Intake, updates: Sequence[dict[str, Any]]) -> None:
    """What the same server does that stores nothing."""


async def prepare(database: Database, account: str, *, residents: int) -> None:
    """The sample ward, each unit with its group, and residents who agreed to everything before."""
    now = Clock().now()
    async with database.transaction() as tx:
        if await wards.codes(tx):
            return
        await seed(tx, now=now)
        ward_id = (await wards.codes(tx))[0][0]
        for number, unit_id in enumerate((await wards.load(tx, ward_id)).unit_ids.values()):
            group = Address(channel=CHANNEL, account=account, chat=str(GROUP - number))
            kind = GroupKind.UNIT
            await invites.bind_group(tx, group, ward_id=ward_id, kind=kind, unit_id=unit_id, bound_by=None, now=now)
        for chat in range(FIRST_CHAT, FIRST_CHAT + residents):
            person = await people.add(
                tx, ward_id=ward_id, channel=CHANNEL, account=account, address=str(chat), name="", language="vi",
                now=now,
            )  # fmt: skip
            await people.set_consent(tx, person, version=CONSENT_VERSION, now=now)
            await people.set_residential_group(tx, person, None)


@contextmanager
def counting(database: Database) -> Iterator[Counter[str]]:
    """How often each statement was run, filled as they are."""
    counted: Counter[str] = Counter()
    with listening(database, lambda statement, _values: counted.update([" ".join(statement.split())])):
        yield counted


if __name__ == "__main__":
    asyncio.run(main())
