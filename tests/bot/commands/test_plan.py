"""`danban plan import`: files into drafts, or into JSON without a database."""

import argparse
import json
from pathlib import Path

import pytest

from bot.commands.plan import add_parser, plan_import, seed_sample_plan
from bot.sample import WARD_FILE
from bot.settings import Settings
from bot.ward_file import read_ward
from domain.plans import PlanStatus
from storage import plans, wards
from storage.database import Database
from tests.plans_ground import NOW

PLAN = """ỦY BAN NHÂN DÂN
PHƯỜNG AN HÒA ĐÔNG

Số: 12/KH-UBND
An Hòa Đông, ngày 12 tháng 10 năm 2026

KẾ HOẠCH
Thực hiện dân chủ ở cơ sở năm 2026

I. MỤC ĐÍCH
Bảo đảm quyền làm chủ của Nhân dân trên địa bàn phường.

II. NỘI DUNG THỰC HIỆN
1. Công khai dự toán ngân sách phường tại trụ sở và nhà văn hóa các tổ dân phố.
- Cơ quan chủ trì: Văn phòng HĐND và UBND.
- Thời gian thực hiện: Trước ngày 15/12/2026.
2. Sửa chữa đèn chiếu sáng tại các ngõ của tổ dân phố 3.
- Cơ quan chủ trì: Tổ Ánh sáng.
- Thời gian thực hiện: Quý IV/2026.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Nguyễn Văn An
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "ke-hoach.txt"
    file.write_text(PLAN, encoding="utf-8")
    return file


@pytest.fixture
def long_plan(tmp_path: Path) -> Path:
    file = tmp_path / "dai.txt"
    file.write_text(PLAN * 20, encoding="utf-8")
    return file


@pytest.fixture
def settings(tmp_path: Path, ready_sqlite_url: str) -> Settings:
    return Settings.load({"DATA_DIR": str(tmp_path), "DATABASE_URL": ready_sqlite_url})


async def with_ward(settings: Settings) -> Database:
    database = Database.open(settings.database_url)
    async with database.transaction() as tx:
        await wards.write(tx, read_ward(WARD_FILE))
    return database


def arguments(*words: str) -> argparse.Namespace:
    made = argparse.ArgumentParser()
    add_parser(made.add_subparsers())
    return made.parse_args(["plan", "import", *words])


async def test_json_is_one_object_for_one_file_and_needs_no_database(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await plan_import(arguments("--json", str(plan)), None) == 0
    read = json.loads(capsys.readouterr().out)
    assert (read["number"], len(read["items"])) == ("12/KH-UBND", 2)
    assert read["items"][0]["deadlines"][0]["exclusive"] is True


async def test_json_is_a_list_for_several_files_and_one_bad_file_is_told(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "trong.txt"
    empty.write_text("", encoding="utf-8")
    assert await plan_import(arguments("--json", "--lang", "en", str(plan), str(empty)), None) == 1
    told = capsys.readouterr()
    assert [one["number"] for one in json.loads(told.out)] == ["12/KH-UBND"]
    assert told.err == "trong.txt: The file is empty. Please choose the file that holds the plan.\n"


async def test_an_import_tells_what_was_found_and_stores_drafts(
    plan: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    database = await with_ward(settings)
    assert await plan_import(arguments("--lang", "en", str(plan)), settings) == 0
    told = capsys.readouterr().out
    for expected in ("12/KH-UBND", "2 tasks", "Tổ Ánh sáng", "new drafts: 2 (KH-1, KH-2)", "Nothing was published"):
        assert expected in told
    async with database.reading() as tx:
        assert (await plans.with_status(tx, 1, PlanStatus.DRAFT, limit=9))[1] == 2
    assert await plan_import(arguments("--lang", "en", str(plan)), settings) == 0
    assert "unchanged: 2" in capsys.readouterr().out
    await database.close()


async def test_a_bad_file_does_not_undo_a_good_one(
    plan: Path, tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    database = await with_ward(settings)
    missing = tmp_path / "khong-co.docx"
    assert await plan_import(arguments("--lang", "en", str(missing), str(plan)), settings) == 1
    told = capsys.readouterr()
    assert "khong-co.docx" in told.err
    assert "new drafts: 2" in told.out
    await database.close()


async def test_a_file_over_the_limit_is_refused_in_one_sentence(
    long_plan: Path, tmp_path: Path, ready_sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    small = Settings.load({"DATA_DIR": str(tmp_path), "DATABASE_URL": ready_sqlite_url, "PLAN_MAX_BYTES": "1024"})
    assert await plan_import(arguments("--lang", "en", str(long_plan)), small) == 1
    assert "too large" in capsys.readouterr().err


async def test_the_sample_wards_plan_is_public_from_the_first_start(settings: Settings) -> None:
    database = await with_ward(settings)
    async with database.transaction() as tx:
        ward = await wards.load(tx, 1)
        await seed_sample_plan(tx, ward, now=NOW)
        count = await plans.counts(tx, ward.id)
    await database.close()
    assert count.drafts == 0
    assert count.published >= 12
