"""The table of faults and outcomes, as it stands in the documents between two marks."""

import platform as machine
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.faults.drawing import Result
from tests.faults.verdict import Tally

ROOT = Path(__file__).parents[2]
DOCUMENTS = {"vi": "docs/vi/bao-dam.md", "en": "docs/en/delivery-guarantee.md"}
BEGIN, END = "<!-- faults -->", "<!-- /faults -->"
NUMBERS = (
    "updates", "effects", "updates_lost", "owed", "sent", "twice", "doubt", "refused", "messages_lost", "digests",
    "digests_doubtful",
)  # fmt: skip

WORDS = {
    "vi": {
        "fault": "Sự cố", "setup": "Cách chạy", "count": "Số lần",
        "updates": "Tin người viết", "effects": "Xử lý đúng một lần", "updates_lost": "Nền tảng làm mất",
        "owed": "Tin phải gửi", "sent": "Đã tới", "twice": "Tới thêm (không rõ)", "doubt": "Không rõ",
        "refused": "Bị từ chối",
        "messages_lost": "Mất", "digests": "Bản tin tuần", "digests_doubtful": "Bản tin không rõ",
        "kill": "`kill -9` một tiến trình", "kill_and_break": "`kill -9` khi đường truyền hỏng",
        "power": "`kill -9` mọi tiến trình (mất điện)", "cut_before": "Đứt trước khi tin được nhận",
        "cut_after": "Đứt sau khi tin đã được nhận", "answers": "Trả lời 429, 500, 502",
        "refusals": "Trả lời 400, 403",
        "blocked": "`kill -9` khi người dân chặn bot", "half": "Tin đến đứt giữa chừng",
        "unheard": "Lời đáp của ta bị mất",
        "repeat": "Gửi lại và đảo thứ tự", "database_away": "Mất cơ sở dữ liệu", "disk_full": "Đầy đĩa",
        "freeze": "Đứng yên lâu hơn hạn giữ việc", "step_clock": "Đồng hồ nhảy ±20 giây", "all": "Cộng",
    },
    "en": {
        "fault": "Fault", "setup": "Installation", "count": "Times", "updates": "Written by people",
        "effects": "Took effect once", "updates_lost": "Lost by the platform", "owed": "Messages owed",
        "sent": "Arrived", "twice": "Came besides, in doubt", "doubt": "In doubt", "refused": "Refused",
        "messages_lost": "Lost", "digests": "Digests owed", "digests_doubtful": "Digests in doubt",
        "kill": "`kill -9` of one process", "kill_and_break": "`kill -9` while lines break",
        "power": "`kill -9` of all at once (power)", "cut_before": "Cut before the message was taken",
        "cut_after": "Cut after the message was taken", "answers": "Answers 429, 500, 502",
        "refusals": "Answers 400, 403", "blocked": "`kill -9` while residents block us",
        "half": "A delivery to us breaks off", "unheard": "Our answer to a delivery is lost",
        "repeat": "Delivered again, in any order", "database_away": "Database away", "disk_full": "Disk full",
        "freeze": "Frozen for longer than a lease", "step_clock": "Clock steps of ±20 s", "all": "Together",
    },
}  # fmt: skip
RUN = {
    "vi": "Lần chạy {day}, seed {seed}, {minutes:.0f} phút: {kills} lần `kill -9`. {versions}.\n\n"
    "Người dân và cán bộ đã làm: {cases} hồ sơ ({photos} ảnh, {edits} lần sửa lại tin), {opinions} góp ý, "
    "{acts} bước xử lý, {presses} lần bấm nút; {held} tin được giữ cho người chặn bot và đã tới khi họ quay lại.",
    "en": "Run of {day}, seed {seed}, {minutes:.0f} minutes: {kills} times `kill -9`. {versions}.\n\n"
    "What people did: {cases} cases ({photos} photos, {edits} corrections of a message), {opinions} opinions, "
    "{acts} steps of cases, {presses} buttons pressed; {held} messages were held for residents who blocked us, and "
    "arrived when they came back.",
}
COUNTED = ("cases", "photos", "edits", "opinions", "acts", "presses", "held")
KILLING = ("kill", "kill_and_break", "power", "blocked")


def table(results: Sequence[Result], language: str) -> str:
    """Two tables in Markdown: by fault, and by installation."""
    words = WORDS[language]
    by_fault = _table(results, words, words["fault"], lambda one: words[one.fault])
    by_setup = _table(results, words, words["setup"], lambda one: str(one.setup))
    return f"{by_fault}\n\n{by_setup}\n"


def _table(results: Sequence[Result], words: dict[str, str], first: str, named: Callable[[Result], str]) -> str:
    titles = [first, words["count"], *(words[name] for name in NUMBERS)]
    lines = [titles, ["---", *["--:"] * (len(titles) - 1)]]
    for name in dict.fromkeys(named(one) for one in results):
        lines.append(_row(name, [one for one in results if named(one) == name]))
    lines.append(_row(words["all"], results))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(name: str, results: Sequence[Result]) -> list[str]:
    tally = _sum(results)
    return [name, str(sum(one.count for one in results)), *(str(getattr(tally, number)) for number in NUMBERS)]


def _sum(results: Sequence[Result]) -> Tally:
    tally = Tally()
    for one in results:
        tally = tally.plus(one.tally)
    return tally


def kills(results: Sequence[Result]) -> int:
    """How many processes were killed."""
    return sum(one.count for one in results if one.fault in KILLING)


def publish(results: Sequence[Result], *, seed: int, minutes: float, postgres: str) -> None:
    """Write the tables into the documents."""
    versions = ", ".join(
        (
            f"danban {version('danban')}", f"Python {machine.python_version()}", f"SQLite {sqlite3.sqlite_version}",
            f"PostgreSQL {postgres}", f"python-telegram-bot {version('python-telegram-bot')}",
            f"aiohttp {version('aiohttp')}",
        )
    )  # fmt: skip
    day = datetime.now(UTC).date().isoformat()
    for language, name in DOCUMENTS.items():
        counted = {name: getattr(_sum(results), name) for name in COUNTED}
        said = RUN[language].format(
            day=day, seed=seed, minutes=minutes, kills=kills(results), versions=versions, **counted
        )
        path = ROOT / name
        before, after = path.read_text("utf-8").split(BEGIN)[0], path.read_text("utf-8").split(END)[1]
        path.write_text(f"{before}{BEGIN}\n{said}\n\n{table(results, language)}{END}{after}", "utf-8")
