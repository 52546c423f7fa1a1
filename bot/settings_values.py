"""Reads one setting's text: a number, a size, yes or no, an address, a key. Each raises `Wrong` with a code."""

import base64
import binascii
import hashlib
import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.settings_kinds import Kind, Setting

SEAL_KEY_BYTES = 32
SHOWN_MAX_CHARS = 40
UNITS = {"": 1, "B": 1, "KB": 1000, "MB": 1000**2, "GB": 1000**3, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
YES = frozenset({"1", "true", "yes", "on", "có", "co"})
NO = frozenset({"0", "false", "no", "off", "không", "khong"})
BOT = re.compile(r"(?:(?P<ward>[A-Za-z0-9]{2,12})\s*=\s*)?(?P<token>(?P<account>\d+):[A-Za-z0-9_-]{3,})")
ZALO_BOT = re.compile(r"(?:(?P<ward>[A-Za-z0-9]{2,12})\s*=\s*)?(?P<token>[A-Za-z0-9_:.~-]{8,300})")
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")  # Bot API `setWebhook`: 1–256 of these; short ones are guessed
HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*\.?")


class Wrong(ValueError):
    """A text that cannot be read; `params` never hold a secret."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True, kw_only=True)
class BotToken:
    """One Telegram bot, and the code of the ward whose bot it is; None: people say which ward is theirs."""

    account: str
    token: str
    ward_code: str | None = None


def shown(value: str) -> str:
    """A value short enough and plain enough to be quoted in a sentence."""
    plain = "".join(char if char.isprintable() else "?" for char in value)
    return plain if len(plain) <= SHOWN_MAX_CHARS else plain[: SHOWN_MAX_CHARS - 1] + "…"


def read_number(setting: Setting, text: str) -> int:
    """A whole number within the setting's bounds; `1_000` is read as 1000."""
    if not re.fullmatch(r"-?\d[\d_]{0,18}", text, re.ASCII):
        raise Wrong("not_a_number", value=shown(text), default=setting.default)
    return _bounded(setting, int(text.replace("_", "")))


def read_bytes(setting: Setting, text: str) -> int:
    """A size in bytes: `10485760`, `10 MiB`, `10MB`."""
    match = re.fullmatch(r"(\d{1,15})\s*([A-Za-z]*)", text, re.ASCII)
    if match is None or match[2].upper() not in UNITS:
        raise Wrong("not_a_size", value=shown(text))
    return _bounded(setting, int(match[1]) * UNITS[match[2].upper()])


def _bounded(setting: Setting, number: int) -> int:
    if not setting.low <= number <= setting.high:
        raise Wrong("out_of_range", value=number, low=setting.low, high=setting.high)
    return number


def read_yes_no(text: str) -> bool:
    """`1` or `0`, or the words people write instead."""
    if text.lower() not in YES | NO:
        raise Wrong("not_yes_no", value=shown(text))
    return text.lower() in YES


def read_choice(setting: Setting, text: str) -> str:
    """One of the setting's choices, in whatever case it was written."""
    for choice in setting.choices:
        if text.lower() == choice.lower():
            return choice
    raise Wrong("not_a_choice", value=shown(text), choices=", ".join(setting.choices))


def read_url(text: str) -> str:
    """An http(s) address without password, query and fragment; a `/` at its end is taken off."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = None
    if not usable or parts.username or parts.password or parts.query or parts.fragment or re.search(r"\s", text):
        raise Wrong("not_a_url")
    return text.rstrip("/")


def read_host(text: str) -> str:
    """An IP address (with or without brackets) or a host name to listen on."""
    bare = text.removeprefix("[").removesuffix("]")
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        # Digits and dots alone were meant to be an IP address.
        if re.fullmatch(r"[\d.]+", text) or not HOST_NAME.fullmatch(text):
            raise Wrong("not_a_host", value=shown(text)) from None
        return text.lower()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens on `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_database_url(text: str) -> str:
    """An address SQLAlchemy's async engines take; common spellings are turned into them."""
    scheme, separator, rest = text.partition("://")
    if separator and scheme in {"sqlite", "sqlite+aiosqlite"} and rest.startswith("/"):
        return f"sqlite+aiosqlite://{rest}"
    if not separator or scheme not in {"postgres", "postgresql", "postgresql+asyncpg"} or not rest:
        raise Wrong("not_a_database")
    return f"postgresql+asyncpg://{_for_asyncpg(rest)}"


def _for_asyncpg(rest: str) -> str:
    # libpq's word for encryption is `sslmode`; asyncpg's is `ssl`, with the same values.
    address, question_mark, query = rest.partition("?")
    if not question_mark:
        return address
    pairs = [("ssl" if name == "sslmode" else name, value) for name, value in parse_qsl(query)]
    return f"{address}?{urlencode(pairs, safe='/')}"


def read_tokens(text: str) -> tuple[BotToken, ...]:
    """One or several Telegram bots: `111:AAA` or `AHD=111:AAA, TML=222:BBB`."""
    return _bots(text, BOT, "not_a_token")


def read_zalo_bot_tokens(text: str) -> tuple[BotToken, ...]:
    """One or several Zalo Bots, in the same form; a token is a part of every address we call."""
    return _bots(text, ZALO_BOT, "not_a_zalo_token")


def _bots(text: str, form: re.Pattern[str], wrong: str) -> tuple[BotToken, ...]:
    matches = [form.fullmatch(one.strip()) for one in text.strip().rstrip(",").split(",")]
    bots = [
        BotToken(account=_account(one["token"]), token=one["token"], ward_code=one["ward"] and one["ward"].upper())
        for one in matches if one is not None
    ]  # fmt: skip
    if len(bots) < len(matches):
        raise Wrong(wrong)
    if len({one.account for one in bots}) < len(bots):
        raise Wrong("bot_twice")
    return tuple(bots)


def _account(token: str) -> str:
    """The bot's number, which stands before the colon; a name made of the token where there is none."""
    number, colon, _secret = token.partition(":")
    return number[:64] if colon else hashlib.sha256(token.encode()).hexdigest()[:16]


def read_webhook_secret(text: str) -> str:
    """The secret a platform sends along with every webhook call."""
    if not WEBHOOK_SECRET.fullmatch(text):
        raise Wrong("not_a_secret")
    return text


def read_key(text: str) -> bytes:
    """32 bytes, as 64 hexadecimal digits or as base64 (either alphabet, with or without its `=`)."""
    if re.fullmatch(r"[0-9A-Fa-f]{64}", text):
        return bytes.fromhex(text)
    try:
        key = base64.b64decode(text.rstrip("=").replace("-", "+").replace("_", "/") + "=", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != SEAL_KEY_BYTES:
        raise Wrong("not_a_key")
    return key


def read(setting: Setting, text: str) -> object:
    """A setting by its kind, or by its name where it has a form of its own."""
    by_name = {
        "DATABASE_URL": read_database_url,
        "HTTP_HOST": read_host,
        "METRICS_HOST": read_host,
        "METRICS_TOKEN": read_webhook_secret,
        "TELEGRAM_TOKEN": read_tokens,
        "TELEGRAM_WEBHOOK_SECRET": read_webhook_secret,
        "ZALO_BOT_TOKEN": read_zalo_bot_tokens,
        "ZALO_BOT_WEBHOOK_SECRET": read_webhook_secret,
        "SEAL_KEY": read_key,
    }
    if setting.name in by_name:
        return by_name[setting.name](text)
    match setting.kind:
        case Kind.NUMBER:
            return read_number(setting, text)
        case Kind.BYTES:
            return read_bytes(setting, text)
        case Kind.CHOICE:
            return read_choice(setting, text)
        case Kind.YES_NO:
            return read_yes_no(text)
        case Kind.URL:
            return read_url(text)
        case Kind.TEXT:
            return text
