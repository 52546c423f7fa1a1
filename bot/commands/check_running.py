"""What `danban check` says of the work: does it get done, is anything set aside, is there room on the disk."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.readiness import free_bytes
from bot.settings import Settings
from storage import backlog, set_aside
from storage.database import Transaction

OK, WARNING, WRONG = "✓", "!", "✗"
MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check."""

    mark: str
    vietnamese: str
    english: str

    def __str__(self) -> str:
        return f"{self.mark} {self.vietnamese} / {self.english}"


def disk(settings: Settings) -> list[Finding]:
    """Whether there is room for what people send."""
    free = free_bytes(settings.data_dir)
    if free is None or free >= settings.ready_disk_bytes:
        return []
    megabytes = free // MEBIBYTE
    return [
        Finding(
            WRONG,
            f"đĩa chứa {settings.data_dir} chỉ còn {megabytes} MiB; xoá bớt tệp hoặc thêm đĩa (READY_DISK_BYTES)",
            f"only {megabytes} MiB are free on the disk of DATA_DIR; make room (READY_DISK_BYTES)",
        )
    ]


async def queues(tx: Transaction, settings: Settings, now: datetime) -> list[Finding]:
    """What waits too long, and what was set aside."""
    found = await _late(tx, settings, now)
    many = await set_aside.count(tx)
    if many:
        found.append(
            Finding(
                WARNING,
                f"{many} tin bị để riêng vì lỗi; xem: danban inbox list",
                f"{many} messages were set aside; see: danban inbox list",
            )
        )
    return found


async def _late(tx: Transaction, settings: Settings, now: datetime) -> list[Finding]:
    inbox, outbox = await backlog.of_inbox(tx), await backlog.of_outbox(tx)
    accounts = await backlog.accounts(tx)
    late = timedelta(seconds=settings.ready_backlog_seconds)
    found = []
    turn = await backlog.oldest_turn(tx, accounts=accounts, now=now)
    if turn is not None and now - turn > late:
        many = sum(one.count for one in inbox if one.state != "set_aside")
        found.append(
            Finding(
                WRONG,
                f"{many} tin đến đang chờ, tin cũ nhất từ {turn:%H:%M %d/%m} UTC; xem danban run có đang chạy không",
                f"{many} messages wait to be handled since {turn:%Y-%m-%d %H:%M} UTC; does danban run?",
            )
        )
    reply = await backlog.oldest_reply(tx, accounts=accounts, now=now)
    if reply is not None and now - reply > late:
        many = sum(one.count for one in outbox)
        found.append(
            Finding(
                WRONG,
                f"{many} tin chưa gửi được, cũ nhất từ {reply:%H:%M %d/%m} UTC; xem danban run và dòng Telegram ở dưới",
                f"{many} messages wait to be sent since {reply:%Y-%m-%d %H:%M} UTC; does danban run, is Telegram well?",
            )
        )
    return found
