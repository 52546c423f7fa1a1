"""Files are fetched from Zalo's servers and nowhere else, whatever a forged event says."""

import pytest

from bot.channels.zalo_files import NotAllowed, TooLarge, ZaloFiles
from bot.fetching import FetchLater
from tests.fakes.zalo_bot.server import ZaloBotServer


@pytest.mark.parametrize(
    "url",
    [
        "http://photo.zdn.vn/a.jpg", "https://zdn.vn.evil.example/a.jpg", "https://evilzdn.vn/a", "file:///etc/passwd",
        "https://127.0.0.1/a", "https://[::1]/a", "https://x@photo.zdn.vn/a", "https://photo.zdn.vn:8443/a", "https://",
        "//photo.zdn.vn/a", "https://photo.zdn.vn:99999/a", "", "http://127.0.0.1:1/a",
    ],
)  # fmt: skip
async def test_other_addresses_are_not_fetched(url: str) -> None:
    with pytest.raises(NotAllowed):
        await ZaloFiles("zdn.vn zadn.vn", bytes_max=1000).download(url)


async def test_a_name_that_leads_into_our_own_network_is_not_fetched() -> None:
    files = ZaloFiles("localhost", bytes_max=1000)
    try:
        with pytest.raises(FetchLater):
            await files.download("https://localhost/a")
    finally:
        await files.close()


async def test_a_file_is_fetched_up_to_its_bound() -> None:
    async with ZaloBotServer() as server:
        server.world.media["a.jpg"] = ("image/jpeg", b"x" * 1000)
        server.world.media["b.jpg"] = ("image/jpeg", b"x" * 1001)
        files = ZaloFiles(f"zdn.vn {server.url}", bytes_max=1000)
        try:
            assert await files.download(f"{server.url}/media/a.jpg") == b"x" * 1000
            with pytest.raises(TooLarge):
                await files.download(f"{server.url}/media/b.jpg")
            with pytest.raises(NotAllowed):
                await files.download(f"{server.url}/media/c.jpg")
        finally:
            await files.close()
