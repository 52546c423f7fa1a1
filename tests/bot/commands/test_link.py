"""Links into the chat, printed for every account that serves a ward, and put on a poster."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import parser
from bot.commands.failure import CommandError
from bot.sample import seed
from bot.settings import Settings
from domain.errors import DomainError
from storage import accounts, wards
from storage.accounts import KnownAccount
from storage.base import Account
from storage.database import Database

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
async def settings(tmp_path: Path, ready_sqlite_url: str) -> Settings:
    made = Settings.load({"DATA_DIR": str(tmp_path), "DATABASE_URL": ready_sqlite_url, "PUBLIC_URL": "https://ap.vn"})
    database = Database.open(made.database_url)
    async with database.transaction() as tx:
        await seed(tx, now=NOW)
    await database.close()
    return made


async def introduce(settings: Settings, name: str, ward_code: str | None = None, channel: str = "telegram") -> None:
    database = Database.open(settings.database_url)
    async with database.transaction() as tx:
        known = KnownAccount(on=Account(channel, name), name=name, ward_code=ward_code)
        await accounts.remember(tx, known, now=NOW)
    await database.close()


async def ward_of(settings: Settings) -> tuple[str, str]:
    """The ward's code, and its first residential group's."""
    database = Database.open(settings.database_url)
    async with database.reading() as tx:
        ward = (await wards.load(tx, (await wards.codes(tx))[0][0])).ward
    await database.close()
    return ward.code, ward.groups[0].code


async def run(settings: Settings, *arguments: str) -> int:
    args = parser().parse_args(list(arguments))
    return int(await args.run(args, settings))


async def test_a_wards_link_is_named_for_every_bot_that_serves_it(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _group = await ward_of(settings)
    await introduce(settings, "AllBot")
    await introduce(settings, "OtherBot", "XXX")
    await introduce(settings, "OwnBot", code)
    await run(settings, "link")
    assert capsys.readouterr().out.splitlines() == [
        f"telegram: https://t.me/OwnBot?start=w_{code}",
        f"telegram: https://t.me/AllBot?start=w_{code}",
        f"web: https://ap.vn/?p={code}",
    ]


async def test_a_residential_groups_poster_is_written(
    settings: Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, group = await ward_of(settings)
    await introduce(settings, "DanBanBot")
    file = tmp_path / "to.svg"
    await run(settings, "link", "--group", group, "--qr", str(file))
    assert f"https://t.me/DanBanBot?start=w_{code}_g_{group}" in capsys.readouterr().out
    assert f"start=w_{code}_g_{group}" in file.read_text(encoding="utf-8")
    with pytest.raises(CommandError):
        await run(settings, "link", "--qr", str(tmp_path / "to.docx"))
    with pytest.raises(CommandError):
        await run(settings, "link", "--group", "none-such")


async def test_a_case_nobody_has_and_a_ward_no_bot_serves_are_refused(settings: Settings) -> None:
    with pytest.raises(DomainError):
        await run(settings, "link", "--case", "PA-26-99999")
    _code, group = await ward_of(settings)
    with pytest.raises(CommandError):
        await run(settings, "link", "--group", group)


@pytest.mark.parametrize(("what", "start"), [(("--role", "leader"), "start"), (("--group", "ward"), "startgroup")])
async def test_an_invite_is_a_link_for_a_person_or_for_a_group(
    settings: Settings, capsys: pytest.CaptureFixture[str], what: tuple[str, ...], start: str, tmp_path: Path
) -> None:
    await introduce(settings, "DanBanBot")
    await run(settings, "invite", *what, "--qr", str(tmp_path / "moi.svg"))
    said = capsys.readouterr().out.splitlines()
    code = said[-1]
    assert f"telegram: https://t.me/DanBanBot?{start}=thamgia_{code}" in said
    assert f"https://ap.vn/?thamgia={code}" in said[1]
    assert f"{start}=thamgia_{code}" in (tmp_path / "moi.svg").read_text(encoding="utf-8")
