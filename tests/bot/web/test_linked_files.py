"""A platform or a reader opens a file by its signed address; nobody opens one without."""

import io
from pathlib import Path

from aiohttp.test_utils import TestServer
from PIL import Image

from bot.file_links import FileLinks
from bot.received_files import file_limits, take_in
from bot.stored_files import FOLDER
from bot.web.security import FILE_POLICY
from storage import attachments
from storage.attachments import Contact
from storage.database import Database
from tests import file_samples as samples
from tests.bot.web.ground import KEY, TestSettings, clock, picture, visitor

LINKS = FileLinks(KEY, "")


async def stored(database: Database, folder: Path, data: bytes | None = None) -> int:
    limits = file_limits(TestSettings(data_dir=folder))
    file = await take_in(folder / FOLDER, data or picture(), limits=limits)
    owner = Contact(channel="web", account="web", address="x")
    async with database.transaction() as tx:
        return (await attachments.add(tx, file, uploaded_by=owner, ward_id=None, now=clock())).id


async def test_a_signed_address_shows_its_picture(sqlite: Database, server: TestServer, settings: TestSettings) -> None:
    known = await stored(sqlite, settings.data_dir)
    async with visitor(server) as platform:
        answer = await platform.get(LINKS.url(known, "tep-1.jpg", clock()))
        assert answer.status == 200 and answer.content_type == "image/jpeg"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert Image.open(io.BytesIO(await answer.read())).size == (64, 48)


async def test_nothing_else_shows_it(sqlite: Database, server: TestServer, settings: TestSettings) -> None:
    known = await stored(sqlite, settings.data_dir)
    good = LINKS.url(known, "tep-1.jpg", clock())
    async with visitor(server) as stranger:
        wrongs = (
            f"/tai/{known}/tep-1.jpg",
            good.replace("/tep-", "x/tep-"),
            good.replace(f"{known}-", f"{known + 1}-", 1),
            LINKS.url(99, "tep-1.jpg", clock()),
        )
        for wrong in wrongs:
            assert (await stranger.get(wrong)).status == 404


async def test_a_document_is_handed_out_to_be_kept_and_opens_nothing_here(
    sqlite: Database, server: TestServer, settings: TestSettings
) -> None:
    known = await stored(sqlite, settings.data_dir, samples.PDF)
    async with visitor(server) as reader:
        answer = await reader.get(LINKS.url(known, "tep-1.pdf", clock()))
        assert answer.status == 200 and await answer.read() == samples.PDF
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Security-Policy"] == FILE_POLICY


async def test_a_picture_forgotten_meanwhile_is_not_shown(
    sqlite: Database, server: TestServer, settings: TestSettings
) -> None:
    known = await stored(sqlite, settings.data_dir)
    address = LINKS.url(known, "tep-1.jpg", clock())
    for file in (settings.data_dir / FOLDER).rglob("*"):
        if file.is_file():
            file.unlink()
    async with visitor(server) as platform:
        assert (await platform.get(address)).status == 404
