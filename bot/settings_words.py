"""What is wrong with a setting, as one plain sentence: Vietnamese first, then English.

These words are not in the catalogues: they are said before the catalogues, or any language, have been chosen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong: the setting (or file) `name`, a `code`, and what the sentence needs. Holds no secret."""

    name: str
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return sentence(self)


WORDS: dict[str, tuple[str, str]] = {
    "not_a_number": (
        "phải là một số nguyên, ví dụ {default}; đang ghi là «{value}».",
        "must be a whole number such as {default}; it says «{value}».",
    ),
    "not_a_size": (
        "phải là dung lượng như 10485760 hoặc 10 MiB; đang ghi là «{value}».",
        "must be a size such as 10485760 or 10 MiB; it says «{value}».",
    ),
    "out_of_range": (
        "phải từ {low} đến {high}; đang ghi là {value}.",
        "must be from {low} to {high}; it says {value}.",
    ),
    "not_yes_no": (
        "phải là 1 (có) hoặc 0 (không); đang ghi là «{value}».",
        "must be 1 (yes) or 0 (no); it says «{value}».",
    ),
    "not_a_choice": (
        "phải là một trong: {choices}; đang ghi là «{value}».",
        "must be one of: {choices}; it says «{value}».",
    ),
    "not_a_url": (
        "phải là địa chỉ đầy đủ bắt đầu bằng http:// hoặc https://, không kèm mật khẩu, dấu ? hay #.",
        "must be a full address beginning with http:// or https://, without a password, ? or #.",
    ),
    "not_a_host": (
        "phải là địa chỉ IP hoặc tên máy, ví dụ 127.0.0.1; đang ghi là «{value}».",
        "must be an IP address or a host name such as 127.0.0.1; it says «{value}».",
    ),
    "not_a_database": (
        "phải bắt đầu bằng sqlite:/// hoặc postgresql://; để trống để dùng tệp SQLite trong DATA_DIR.",
        "must begin with sqlite:/// or postgresql://; leave it empty for a SQLite file in DATA_DIR.",
    ),
    "not_a_token": (
        "không giống mã bot của Telegram (123456789:AAE…; nhiều bot: AHD=111:AAE…, TML=222:AAF…); "
        "hãy chép lại từ @BotFather.",
        "does not look like a Telegram bot token (123456789:AAE…; several bots: AHD=111:AAE…, TML=222:AAF…); "
        "copy it again from @BotFather.",
    ),
    "bot_twice": (
        "ghi cùng một bot hai lần; mỗi bot chỉ ghi một lần.",
        "names the same bot twice; each bot stands there once.",
    ),
    "not_a_secret": (
        "phải gồm 16 đến 256 chữ cái, chữ số, dấu _ hoặc -.",
        "must be 16 to 256 letters, digits, _ or -.",
    ),
    "not_a_key": (
        "phải là 32 byte viết dạng hex (64 ký tự) hoặc base64 (44 ký tự); để trống để tự tạo.",
        "must be 32 bytes as hex (64 characters) or base64 (44 characters); leave it empty to have one made.",
    ),
    "demo_in_public": (
        "=1 chỉ dùng khi HTTP_HOST là 127.0.0.1, vì trang trình diễn cho ai mở cũng xem được; hãy đặt DEMO=0.",
        "=1 is for HTTP_HOST 127.0.0.1 only, as the demonstration is open to all who reach it; set DEMO=0.",
    ),
    "metrics_in_public": (
        "cần có khi METRICS_HOST không phải 127.0.0.1, để người lạ không xem được số liệu.",
        "is needed unless METRICS_HOST is 127.0.0.1, so that strangers cannot read the figures.",
    ),
    "webhook_needs": (
        "cần có khi TELEGRAM_MODE=webhook; hãy điền, hoặc đặt TELEGRAM_MODE=polling.",
        "is needed for TELEGRAM_MODE=webhook; fill it in, or set TELEGRAM_MODE=polling.",
    ),
    "webhook_needs_https": (
        "phải bắt đầu bằng https:// khi TELEGRAM_MODE=webhook; hãy sửa, hoặc đặt TELEGRAM_MODE=polling.",
        "must begin with https:// for TELEGRAM_MODE=webhook; mend it, or set TELEGRAM_MODE=polling.",
    ),
    "zalo_bot_webhook_needs": (
        "cần có khi ZALO_BOT_MODE=webhook; hãy điền, hoặc đặt ZALO_BOT_MODE=polling.",
        "is needed for ZALO_BOT_MODE=webhook; fill it in, or set ZALO_BOT_MODE=polling.",
    ),
    "zalo_bot_webhook_needs_https": (
        "phải bắt đầu bằng https:// khi ZALO_BOT_MODE=webhook; hãy sửa, hoặc đặt ZALO_BOT_MODE=polling.",
        "must begin with https:// for ZALO_BOT_MODE=webhook; mend it, or set ZALO_BOT_MODE=polling.",
    ),
    "not_a_zalo_token": (
        "không giống mã của Zalo Bot (không có dấu cách hay dấu /); hãy chép lại từ Zalo Bot Creator.",
        "does not look like a Zalo Bot token (no blanks, no /); copy it again from Zalo Bot Creator.",
    ),
    "zalo_oa_needs": (
        "cần có khi đã đặt ZALO_OA_APP_ID; hãy chép từ trang ứng dụng ở developers.zalo.me.",
        "is needed with ZALO_OA_APP_ID; copy it from the application's page at developers.zalo.me.",
    ),
    "line_broken": (
        "dòng {line} viết dở hoặc sai; mỗi dòng phải có dạng TÊN=giá trị, ngoặc kép mở thì phải đóng.",
        "line {line} is unfinished or wrong; each line must read NAME=value, with every quote closed.",
    ),
    "file_not_text": (
        "không phải tệp văn bản UTF-8; hãy chép lại từ .env.example.",
        "is not a UTF-8 text file; copy it again from .env.example.",
    ),
    "file_unreadable": (
        "có nhưng không đọc được ({reason}); hãy sửa quyền của tệp.",
        "is there but cannot be read ({reason}); mend the file's permissions.",
    ),
    "unknown_name": (
        "(dòng {line} trong .env) không phải tên cài đặt nào; có phải là {guess}?",
        "(line {line} in .env) is not the name of a setting; is {guess} meant?",
    ),
    "written_twice": (
        "được ghi hai lần trong .env; dòng {line} được dùng.",
        "stands twice in .env; line {line} is used.",
    ),
    "folder_not_writable": (
        "không ghi được vào thư mục {path} ({reason}); hãy cấp quyền ghi, hoặc đặt DATA_DIR là thư mục khác.",
        "the folder {path} cannot be written to ({reason}); allow it, or set DATA_DIR to another folder.",
    ),
    "restore_unfinished": (
        "lần phục hồi trước vào {path} bị đứt giữa chừng; hãy chạy lại: danban restore TỆP "
        "(dữ liệu cũ vẫn còn trong before-restore-…).",
        "the last restore into {path} was broken off; run it again: danban restore FILE "
        "(what was there before is kept in before-restore-…).",
    ),
    "port_taken": (
        "cổng {port} đang có chương trình khác dùng; hãy tắt chương trình đó, hoặc đặt số khác.",
        "port {port} is in use by another program; stop that one, or set another number.",
    ),
    "port_forbidden": (
        "hệ thống không cho dùng cổng {port}; hãy đặt số từ 1024 trở lên.",
        "the system does not allow port {port}; set 1024 or more.",
    ),
    "host_not_here": (
        "địa chỉ {host} không phải của máy này; hãy đặt 127.0.0.1 hoặc 0.0.0.0.",
        "the address {host} is not this machine's; set 127.0.0.1 or 0.0.0.0.",
    ),
    "running_already": (
        "đã có một tiến trình Dân Bàn chạy trên {path}; hãy dừng tiến trình đó, hoặc dùng PostgreSQL.",
        "another Dân Bàn process runs on {path}; stop that one, or use PostgreSQL.",
    ),
    "key_damaged": (
        "tệp khoá {path} bị hỏng; hãy lấy lại từ bản sao lưu (tạo khoá mới thì dữ liệu kín cũ không mở được nữa).",
        "the key file {path} is damaged; restore it from a backup (a new key cannot open what the old one sealed).",
    ),
    "python_too_old": (
        "cần Python 3.11 trở lên, máy đang có {version}; hãy cài python3.11 rồi chạy lại.",
        "Python 3.11 or later is needed, this is {version}; install python3.11 and run again.",
    ),
}


def sentence(problem: Problem) -> str:
    """One problem in both languages, on one line."""
    return " / ".join(_in_both(problem))


def by_language(problems: Iterable[Problem]) -> tuple[str, str]:
    """All problems in Vietnamese, a line each, and the same in English."""
    pairs = [_in_both(problem) for problem in problems]
    return "\n".join(vi for vi, _ in pairs), "\n".join(en for _, en in pairs)


def sentences(problems: Iterable[Problem]) -> str:
    """All problems, a line each."""
    return "\n".join(sentence(problem) for problem in problems)


def _in_both(problem: Problem) -> tuple[str, str]:
    vi, en = (_named(problem.name, words.format(**problem.params)) for words in WORDS[problem.code])
    return vi, en


def _named(name: str, words: str) -> str:
    return f"{name}{words}" if words.startswith("=") else f"{name}: {words}"
