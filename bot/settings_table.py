"""Every setting there is, in one table: its name, kind, default and what it is for, in two languages."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a setting's text is read."""

    TEXT = "text"
    NUMBER = "number"
    BYTES = "bytes"
    YES_NO = "yes_no"
    CHOICE = "choice"
    URL = "url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One row: `low` and `high` bound a number, `choices` a choice; a secret is never shown to anybody."""

    name: str
    vi: str
    en: str
    default: str = ""
    kind: Kind = Kind.TEXT
    low: int = 0
    high: int = 2**31 - 1
    choices: tuple[str, ...] = ()
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Settings that belong together."""

    vi: str
    en: str
    settings: tuple[Setting, ...]


def _limit(name: str, default: int, low: int, high: int, vi: str, en: str) -> Setting:
    return Setting(name=name, default=str(default), kind=Kind.NUMBER, low=low, high=high, vi=vi, en=en)


def _size(name: str, default: str, vi: str, en: str) -> Setting:
    return Setting(name=name, default=default, kind=Kind.BYTES, low=1024, high=2**30, vi=vi, en=en)


_BASICS = Section(
    vi="Máy chủ và dữ liệu",
    en="Server and data",
    settings=(
        Setting(
            name="DATA_DIR",
            default="var",
            vi="Thư mục chứa cơ sở dữ liệu, ảnh và khoá. Hãy sao lưu thư mục này.",
            en="Folder of the database, photos and keys. Back this folder up.",
        ),
        Setting(
            name="DATABASE_URL",
            secret=True,
            vi="Để trống: một tệp SQLite trong DATA_DIR. Nhiều tiến trình: postgresql://tên:mậtkhẩu@máy/cơsởdữliệu",
            en="Empty: a SQLite file in DATA_DIR. Several processes: postgresql://user:password@host/database",
        ),
        Setting(
            name="HTTP_HOST",
            default="127.0.0.1",
            vi="Địa chỉ mạng để lắng nghe. 127.0.0.1: chỉ máy này; 0.0.0.0: mọi máy.",
            en="Network address to listen on. 127.0.0.1: this machine only; 0.0.0.0: everybody.",
        ),
        Setting(
            name="HTTP_PORT",
            default="8080",
            kind=Kind.NUMBER,
            high=65535,
            vi="Cổng để lắng nghe (0: hệ thống tự chọn).",
            en="Port to listen on (0: the system chooses).",
        ),
        Setting(
            name="PUBLIC_URL",
            kind=Kind.URL,
            vi="Địa chỉ mà người dân mở, ví dụ https://danban.example.vn. Để trống: theo HTTP_HOST và HTTP_PORT.",
            en="Address people open, e.g. https://danban.example.vn. Empty: from HTTP_HOST and HTTP_PORT.",
        ),
        Setting(
            name="LOG_LEVEL",
            default="INFO",
            kind=Kind.CHOICE,
            choices=("DEBUG", "INFO", "WARNING", "ERROR"),
            vi="Mức ghi nhật ký hệ thống.",
            en="How much is written to the system log.",
        ),
        Setting(
            name="DEMO",
            default="0",
            kind=Kind.YES_NO,
            vi="1: mở trang trình diễn /demo (chỉ khi HTTP_HOST là máy này); auto: tự mở khi chỉ máy này dùng được.",
            en="1: the demonstration page /demo (only where HTTP_HOST is this machine); auto: on just there.",
        ),
        Setting(
            name="SEAL_KEY",
            secret=True,
            vi="Khoá niêm phong dữ liệu kín: 32 byte, viết dạng hex hoặc base64. Để trống: tự tạo DATA_DIR/seal.key.",
            en="Key that seals secret data: 32 bytes as hex or base64. Empty: made once in DATA_DIR/seal.key.",
        ),
    ),
)

_TELEGRAM = Section(
    vi="Telegram (để trống TELEGRAM_TOKEN nếu không dùng)",
    en="Telegram (leave TELEGRAM_TOKEN empty if not used)",
    settings=(
        Setting(
            name="TELEGRAM_TOKEN",
            secret=True,
            vi="Mã bí mật của bot, do @BotFather cấp.",
            en="The bot's secret token, given by @BotFather.",
        ),
        Setting(
            name="TELEGRAM_API_URL",
            default="https://api.telegram.org",
            kind=Kind.URL,
            vi="Máy chủ Bot API.",
            en="The Bot API server.",
        ),
        Setting(
            name="TELEGRAM_MODE",
            default="polling",
            kind=Kind.CHOICE,
            choices=("polling", "webhook"),
            vi="polling: bot tự hỏi Telegram; webhook: Telegram gọi vào PUBLIC_URL (phải là https).",
            en="polling: the bot asks Telegram; webhook: Telegram calls PUBLIC_URL (which must be https).",
        ),
        Setting(
            name="TELEGRAM_WEBHOOK_SECRET",
            secret=True,
            vi="Bắt buộc khi dùng webhook: 16 đến 256 chữ cái, chữ số, dấu _ hoặc -.",
            en="Required for webhook: 16 to 256 letters, digits, _ or -.",
        ),
    ),
)

_LIMITS = Section(
    vi="Giới hạn",
    en="Limits",
    settings=(
        _size("UPLOAD_MAX_BYTES", "10 MiB", "Dung lượng lớn nhất của một ảnh.", "Largest size of one photo."),
        _limit(
            "UPLOAD_MAX_PIXELS",
            40_000_000,
            10_000,
            400_000_000,
            "Số điểm ảnh lớn nhất của một ảnh.",
            "Most pixels in one photo.",
        ),
        _limit(
            "PHOTOS_PER_CASE_MAX",
            10,
            0,
            100,
            "Số ảnh nhiều nhất của một hồ sơ.",
            "Most photos in one case.",
        ),
        _limit(
            "TEXT_MAX_CHARS",
            4000,
            100,
            100_000,
            "Số ký tự nhiều nhất của một tin nhắn.",
            "Most characters in one message.",
        ),
        _limit(
            "MESSAGES_PER_MINUTE",
            20,
            1,
            10_000,
            "Số tin mỗi phút một người được gửi trước khi bot xin chậm lại.",
            "Messages a minute from one person before the bot asks to slow down.",
        ),
        _size(
            "PLAN_MAX_BYTES",
            "20 MiB",
            "Dung lượng lớn nhất của tệp kế hoạch.",
            "Largest size of a plan file.",
        ),
        _limit("INVITE_DAYS", 7, 1, 365, "Số ngày mã mời còn dùng được.", "Days an invite code can be used."),
    ),
)

_MACHINERY = Section(
    vi="Vận hành (thường không cần đổi)",
    en="Machinery (rarely needs changing)",
    settings=(
        _limit(
            "INBOX_MAX_ATTEMPTS",
            5,
            1,
            100,
            "Số lần thử một tin đến trước khi để riêng.",
            "Tries at one incoming message before it is set aside.",
        ),
        _limit(
            "OUTBOX_MAX_ATTEMPTS",
            8,
            1,
            100,
            "Số lần thử gửi một tin trước khi thôi.",
            "Tries at sending one message before giving up.",
        ),
        _limit(
            "TICK_SECONDS",
            30,
            1,
            3600,
            "Số giây giữa hai lần xem việc hẹn giờ.",
            "Seconds between two looks at what is due.",
        ),
        _limit(
            "LEASE_SECONDS",
            60,
            5,
            3600,
            "Số giây một tiến trình được giữ một việc.",
            "Seconds a process may hold a piece of work.",
        ),
        _limit(
            "STOP_SECONDS",
            10,
            1,
            600,
            "Số giây chờ việc dở dang khi dừng.",
            "Seconds to wait for unfinished work when stopping.",
        ),
    ),
)

SECTIONS = (_BASICS, _TELEGRAM, _LIMITS, _MACHINERY)
SETTINGS = {setting.name: setting for section in SECTIONS for setting in section.settings}


def example() -> str:
    """The text of `.env.example`: every setting with its help and its default, all commented out."""
    return _HEAD + "".join(_section(section) for section in SECTIONS)


_HEAD = """\
# Cài đặt của Dân Bàn. Chép tệp này thành .env rồi bỏ dấu # ở dòng cần đổi; dòng để nguyên dùng giá trị đã ghi.
# Settings of Dân Bàn. Copy this file to .env and take the # off the lines to change; the others keep what they say.
# Biến môi trường cùng tên được ưu tiên hơn tệp này. / A variable of the environment goes before this file.
"""


def _section(section: Section) -> str:
    rows = "".join(_row(setting) for setting in section.settings)
    return f"\n# === {section.vi} / {section.en} ===\n{rows}"


def _row(setting: Setting) -> str:
    quoted = f'"{setting.default}"' if " " in setting.default else setting.default
    return f"\n# {setting.vi}\n# {setting.en}\n#{setting.name}={quoted}\n"
