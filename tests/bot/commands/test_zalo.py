"""`danban zalo`: an installer authorises by a link and what comes back, and sees how the account stands."""

import argparse
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.commands import zalo as command
from bot.commands.failure import CommandError
from bot.settings import Settings
from tests.bot.zalo_house import zalo_settings
from tests.fakes.zalo_oa.server import ZaloOaServer


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloOaServer]:
    async with ZaloOaServer() as opened:
        yield opened


@pytest.fixture
def settings(zalo: ZaloOaServer, ready_sqlite_url: str, tmp_path: Path) -> Settings:
    values = zalo_settings(zalo, 8080) | {"DATA_DIR": str(tmp_path), "DATABASE_URL": ready_sqlite_url}
    return Settings.load(values | {"ZALO_OA_REFRESH_TOKEN": ""})


def arguments(answer: str | None = None) -> argparse.Namespace:
    return argparse.Namespace(answer=answer)


async def agreed(link: str) -> str:
    """A manager opens the link and agrees; where they are led to."""
    async with aiohttp.ClientSession() as client, client.get(link, allow_redirects=False) as answer:
        return answer.headers["Location"]


async def test_the_link_is_shown_and_what_is_pasted_connects(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    links: list[str] = []

    def pasting(_prompt: str) -> str:
        shown = capsys.readouterr().out
        links.extend(line for line in shown.splitlines() if line.startswith("http"))
        return ""

    monkeypatch.setattr("builtins.input", pasting)
    with pytest.raises(CommandError):
        await command.login(arguments(), settings)
    back = await agreed(links[0])
    assert back.startswith(f"{settings.public_url}/webhook/zalo-oa/{settings.zalo_oa_app_id}/dong-y?code=")
    assert await command.login(arguments(back), settings) == 0
    assert "UBND phường An Hội Đông" in capsys.readouterr().out
    assert await command.status(arguments(), settings) == 0
    said = capsys.readouterr().out
    assert "✓ Zalo OA: UBND phường An Hội Đông" in said and "/webhook/zalo-oa/" in said and "token" in said


async def test_a_code_of_somebody_elses_link_or_used_twice_is_refused(
    settings: Settings, zalo: ZaloOaServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    links: list[str] = []

    def pasting(_prompt: str) -> str:
        links.extend(line for line in capsys.readouterr().out.splitlines() if line.startswith("http"))
        return "wrong"

    monkeypatch.setattr("builtins.input", pasting)
    with pytest.raises(CommandError, match="did not authorise"):
        await command.login(arguments(), settings)
    back = await agreed(links[0])
    state = parse_qs(urlsplit(back).query)["state"][0]
    with pytest.raises(CommandError):
        await command.login(arguments(back.replace(state, state[:-1] + "x")), settings)
    assert await command.login(arguments(back), settings) == 0
    with pytest.raises(CommandError):
        await command.login(arguments(back), settings)


async def test_what_is_wrong_is_said_with_what_to_do(
    settings: Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path, ready_sqlite_url: str
) -> None:
    assert await command.status(arguments(), settings) == 1
    assert "danban zalo login" in capsys.readouterr().out
    without = Settings.load({"DATA_DIR": str(tmp_path), "DATABASE_URL": ready_sqlite_url})
    with pytest.raises(CommandError, match="ZALO_OA_APP_ID"):
        await command.status(arguments(), without)
