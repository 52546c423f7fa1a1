"""Opening the database for a command, and finding the ward it is about."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.commands.failure import CommandError
from bot.preflight import check_restored
from bot.settings import Settings
from bot.settings_words import by_language
from storage import migrations, wards
from storage.database import Database, Transaction
from storage.wards import StoredWard


@asynccontextmanager
async def migrated(settings: Settings) -> AsyncIterator[Database]:
    """The database with the newest schema; it is made if it is not there yet.

    CommandError after a restore that was broken off: an empty database would be made beside the real data.
    """
    unfinished = check_restored(settings.data_dir)
    if unfinished is not None:
        raise CommandError(*by_language([unfinished]))
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database.open(settings.database_url)
    try:
        if await migrations.current(database) != migrations.head():
            await database.migrate()
        yield database
    finally:
        await database.close()


async def ward_named(tx: Transaction, code: str | None) -> StoredWard:
    """The ward with this code, or the only one there is. CommandError otherwise."""
    known = await wards.codes(tx)
    if not known:
        raise CommandError(
            "Chưa có phường nào. Hãy nạp tệp của phường: danban ward import ward.toml",
            "There is no ward yet. Import one: danban ward import ward.toml",
        )
    listed = ", ".join(one for _id, one, _name in known)
    if code is None and len(known) > 1:
        raise CommandError(
            f"Có nhiều phường ({listed}). Xin thêm --ward MÃ.", f"There are several wards ({listed}). Add --ward CODE."
        )
    for ward_id, one, _name in known:
        if code is None or one.lower() == code.lower():
            return await wards.load(tx, ward_id)
    raise CommandError(
        f"Không có phường mã {code}. Hiện có: {listed}.", f"No ward has the code {code}. There are: {listed}."
    )
