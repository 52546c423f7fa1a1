"""A platform fetches a picture by its signed address; nobody fetches one without."""

from pathlib import Path

from aiohttp.test_utils import TestServer

from bot.picture_links import PictureLinks
from bot.pictures import FOLDER, Picture, store_picture
from storage import attachments
from storage.attachments import Contact
from storage.database import Database
from tests.bot.web.ground import KEY, TestSettings, clock, picture, visitor

LINKS = PictureLinks(KEY, "")


async def stored(database: Database, folder: Path) -> int:
    data = picture()
    file = await store_picture(folder / FOLDER, Picture(data=data, mime="image/jpeg", width=8, height=8))
    owner = Contact(channel="web", account="web", address="x")
    async with database.transaction() as tx:
        return (await attachments.add(tx, file, uploaded_by=owner, ward_id=None, now=clock())).id


async def test_a_signed_address_shows_its_picture(sqlite: Database, server: TestServer, settings: TestSettings) -> None:
    known = await stored(sqlite, settings.data_dir)
    async with visitor(server) as platform:
        answer = await platform.get(LINKS.url(known, clock()))
        assert answer.status == 200 and answer.content_type == "image/jpeg"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert await answer.read() == picture()


async def test_nothing_else_shows_it(sqlite: Database, server: TestServer, settings: TestSettings) -> None:
    known = await stored(sqlite, settings.data_dir)
    good = LINKS.url(known, clock())
    async with visitor(server) as stranger:
        for wrong in (f"/anh/{known}", good[:-2], good.replace(f"{known}-", f"{known + 1}-"), LINKS.url(99, clock())):
            assert (await stranger.get(wrong)).status == 404


async def test_a_picture_forgotten_meanwhile_is_not_shown(
    sqlite: Database, server: TestServer, settings: TestSettings
) -> None:
    known = await stored(sqlite, settings.data_dir)
    address = LINKS.url(known, clock())
    for file in (settings.data_dir / FOLDER).rglob("*"):
        if file.is_file():
            file.unlink()
    async with visitor(server) as platform:
        assert (await platform.get(address)).status == 404
