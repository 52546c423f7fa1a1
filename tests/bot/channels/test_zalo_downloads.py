"""Files are fetched from Zalo's servers and nowhere else, whatever a forged event says."""

import pytest

from bot.channels.zalo_downloads import Downloads, NotAllowed, NotFetched, TooLarge, is_public
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
        await Downloads("zdn.vn zadn.vn").fetch(url, bytes_max=1000)


@pytest.mark.parametrize("address", ["10.0.0.1", "192.168.1.1", "127.0.0.1", "169.254.169.254", "::1", "fd00::1"])
def test_addresses_of_our_own_network_are_not_public(address: str) -> None:
    assert not is_public(address)


async def test_a_name_that_leads_into_our_own_network_is_not_fetched() -> None:
    downloads = Downloads("localhost")
    try:
        with pytest.raises(NotFetched):
            await downloads.fetch("https://localhost/a", bytes_max=1000)
    finally:
        await downloads.close()


async def test_a_file_is_fetched_up_to_its_bound() -> None:
    async with ZaloBotServer() as server:
        server.world.media["a.jpg"] = ("image/jpeg", b"x" * 1000)
        downloads = Downloads(f"zdn.vn {server.url}")
        try:
            assert await downloads.fetch(f"{server.url}/media/a.jpg", bytes_max=1000) == b"x" * 1000
            with pytest.raises(TooLarge):
                await downloads.fetch(f"{server.url}/media/a.jpg", bytes_max=999)
            with pytest.raises(NotFetched) as gone:
                await downloads.fetch(f"{server.url}/media/b.jpg", bytes_max=999)
            assert gone.value.gone
        finally:
            await downloads.close()
