"""The sample ward: invented, complete, and alive from the first start."""

from datetime import datetime
from pathlib import Path

from actions.import_ward import import_ward
from bot.commands.plan import seed_sample_plan
from bot.ward_file import read_ward
from storage import wards
from storage.database import Transaction

WARD_FILE = Path(__file__).with_name("ward.toml")


async def seed(tx: Transaction, *, now: datetime) -> None:
    """Put the sample ward and its published plan into an empty database."""
    ward = read_ward(WARD_FILE)
    await import_ward(tx, ward, now=now)
    ward_id = await wards.find(tx, ward.code)
    if ward_id is not None:
        await seed_sample_plan(tx, await wards.load(tx, ward_id), now=now)
