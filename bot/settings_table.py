"""Every setting there is, in one table; its text is `.env.example`."""

from bot.settings_channels import TELEGRAM
from bot.settings_kinds import Kind, Section, Setting
from bot.settings_limits import LIMITS, MACHINERY
from bot.settings_watching import WATCHING
from bot.settings_zalo_bot import ZALO_BOT
from bot.settings_zalo_oa import ZALO_OA

_BASICS = Section(
    vi="Máy chủ và dữ liệu",
    en="Server and data",
    settings=(
        Setting(
            name="DATA_DIR",
            default="var",
            vi="Thư mục chứa cơ sở dữ liệu, ảnh và khoá. Sao lưu: danban backup.",
            en="Folder of the database, photos and keys. To back up: danban backup.",
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
            name="LOG_FORMAT",
            default="text",
            kind=Kind.CHOICE,
            choices=("text", "json"),
            vi="Dạng nhật ký: text cho người đọc, json cho máy đọc; không bao giờ có lời, tên hay số của người dân.",
            en="Form of the log: text for people, json for machines. Never holds anybody's words, names or numbers.",
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

SECTIONS = (_BASICS, TELEGRAM, ZALO_OA, ZALO_BOT, LIMITS, WATCHING, MACHINERY)
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
