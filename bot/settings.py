"""What the installer has chosen: the one reader of the environment and of `.env`; all mistakes at once."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.env_file import EnvFile, read_env_file
from bot.logs import LogFormat
from bot.settings_table import SETTINGS, example
from bot.settings_values import BotToken, Wrong, is_loopback, read
from bot.settings_words import Problem, sentences

AUTO = "auto"


class ZaloBotMode(StrEnum):
    """Who calls whom."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class TelegramMode(StrEnum):
    """Who calls whom."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class SettingsError(Exception):
    """The settings cannot be used; `problems` holds every mistake, and the text a sentence for each."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(sentences(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, read and checked. Secrets are left out of its `repr`."""

    data_dir: Path
    database_url: str = field(repr=False)  # may hold a password
    http_host: str
    http_port: int
    public_url: str
    log_level: str
    log_format: LogFormat
    demo: bool
    seal_key: bytes | None = field(repr=False)  # None: bot.preflight.seal_key() keeps one in data_dir
    telegram_token: tuple[BotToken, ...] = field(repr=False)  # none: Telegram is not used
    telegram_api_url: str
    telegram_mode: TelegramMode
    telegram_webhook_secret: str | None = field(repr=False)
    telegram_ephemeral: str  # auto or off
    telegram_per_second: int
    telegram_group_per_minute: int
    telegram_chat_per_second: int
    telegram_chat_burst: int
    zalo_bot_token: tuple[BotToken, ...] = field(repr=False)
    zalo_bot_api_url: str
    zalo_bot_mode: ZaloBotMode
    zalo_bot_webhook_secret: str | None = field(repr=False)
    zalo_bot_name: str | None
    zalo_bot_monthly_messages: int
    zalo_bot_users: int
    zalo_bot_file_hosts: str
    zalo_oa_app_id: str | None
    zalo_oa_app_secret: str | None = field(repr=False)
    zalo_oa_secret_key: str | None = field(repr=False)
    zalo_oa_refresh_token: str | None = field(repr=False)
    zalo_oa_api_url: str
    zalo_oauth_url: str
    zalo_oa_strict: bool
    zalo_oa_billed_ok: bool
    zalo_oa_free_hours: int
    zalo_oa_closed_days: int
    zalo_oa_per_minute: int
    zalo_oa_monthly_messages: int
    zalo_oa_answer_ms: int
    zalo_oa_event_max_hours: int
    zalo_oa_quarantine_max: int
    zalo_oa_catch_up_hours: int
    zalo_oa_quiet_hours: int
    zalo_oa_file_hosts: str
    zalo_oa_template_id: str | None
    zalo_oa_template_fields: str
    upload_max_bytes: int
    upload_max_pixels: int
    voice_max_bytes: int
    video_max_bytes: int
    document_max_bytes: int
    files_per_case_max: int
    text_max_chars: int
    messages_per_minute: int
    plan_max_bytes: int
    invite_days: int
    link_minutes: int
    link_tries_per_hour: int
    inbox_max_attempts: int
    set_aside_days: int
    outbox_max_attempts: int
    tick_seconds: int
    sends_at_once: int
    limit_margin_ms: int
    file_link_hours: int
    lease_seconds: int
    stop_seconds: int
    metrics_port: int | None
    metrics_host: str
    metrics_token: str | None = field(repr=False)
    ready_backlog_seconds: int
    ready_disk_bytes: int
    warnings: tuple[Problem, ...] = ()

    @classmethod
    def load(cls, env: Mapping[str, str], env_file: Path | None = None) -> "Settings":
        """Read `env` first, then `env_file`, then the defaults; an empty value is none.

        Raises SettingsError with every mistake. `warnings` of the result hold what only looks wrong.
        """
        file = read_env_file(env_file) if env_file else EnvFile(values={})
        texts = {name: _text(name, env, file.values) for name in SETTINGS}
        values, problems = _read_all(texts)
        _complete(values)
        problems += _contradictions(values, texts)
        if file.problems or problems:
            raise SettingsError([*file.problems, *problems])
        return cls(warnings=file.warnings, **{name.lower(): value for name, value in values.items()})


def load(env_file: Path = Path(".env")) -> Settings:
    """The settings of this process: its environment, and `.env` in the folder it was started in."""
    return Settings.load(os.environ, env_file)


def _text(name: str, env: Mapping[str, str], file: Mapping[str, str]) -> str:
    given = [text for source in (env, file) if (text := source.get(name, "").strip())]
    if name == "DEMO" and len(given) > 1 and given[0].lower() == AUTO:
        return given[1]  # "as you see fit" gives way to whoever says more
    return given[0] if given else SETTINGS[name].default


def _read_all(texts: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, text in texts.items():
        values[name] = None
        if not text or (name == "DEMO" and text.lower() == AUTO):
            continue
        try:
            values[name] = read(SETTINGS[name], text)
        except Wrong as wrong:
            problems.append(Problem(name=name, code=wrong.code, params=wrong.params))
    return values, problems


def _complete(values: dict[str, Any]) -> None:
    """Fill in what follows from other settings; what could not be read stays None."""
    values["DATA_DIR"] = Path(values["DATA_DIR"])
    if values["DATABASE_URL"] is None:
        values["DATABASE_URL"] = f"sqlite+aiosqlite:///{values['DATA_DIR'] / 'danban.db'}"
    if values["PUBLIC_URL"] is None:
        values["PUBLIC_URL"] = _own_url(str(values["HTTP_HOST"]), values["HTTP_PORT"])
    if values["DEMO"] is None:
        values["DEMO"] = is_loopback(str(values["HTTP_HOST"]))
    values["TELEGRAM_TOKEN"] = values["TELEGRAM_TOKEN"] or ()
    values["ZALO_BOT_TOKEN"] = values["ZALO_BOT_TOKEN"] or ()
    if values["LOG_FORMAT"] is not None:
        values["LOG_FORMAT"] = LogFormat(values["LOG_FORMAT"])
    if values["TELEGRAM_MODE"] is not None:
        values["TELEGRAM_MODE"] = TelegramMode(values["TELEGRAM_MODE"])
    if values["ZALO_BOT_MODE"] is not None:
        values["ZALO_BOT_MODE"] = ZaloBotMode(values["ZALO_BOT_MODE"])


def _own_url(host: str, port: int | None) -> str:
    reachable = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


def _contradictions(values: Mapping[str, Any], texts: Mapping[str, str]) -> list[Problem]:
    problems: list[Problem] = []
    if values["DEMO"] and values["HTTP_HOST"] and not is_loopback(values["HTTP_HOST"]):
        problems.append(Problem(name="DEMO", code="demo_in_public"))
    watched = values["METRICS_PORT"] is not None and values["METRICS_HOST"]
    if watched and not is_loopback(values["METRICS_HOST"]) and not texts["METRICS_TOKEN"]:
        problems.append(Problem(name="METRICS_TOKEN", code="metrics_in_public"))
    if values["TELEGRAM_MODE"] is TelegramMode.WEBHOOK:
        missing = [name for name in ("TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET") if not texts[name]]
        problems += [Problem(name=name, code="webhook_needs") for name in missing]
        # A Bot API server of one's own may call over plain http; Telegram's never does.
        official = values["TELEGRAM_API_URL"] == SETTINGS["TELEGRAM_API_URL"].default
        if official and not str(values["PUBLIC_URL"]).startswith("https://"):
            problems.append(Problem(name="PUBLIC_URL", code="webhook_needs_https"))
    if texts["ZALO_OA_APP_ID"]:
        needed = ("ZALO_OA_APP_SECRET", "ZALO_OA_SECRET_KEY")
        problems += [Problem(name=name, code="zalo_oa_needs") for name in needed if not texts[name]]
    return problems + _zalo_bot_contradictions(values, texts)


def _zalo_bot_contradictions(values: Mapping[str, Any], texts: Mapping[str, str]) -> list[Problem]:
    if values["ZALO_BOT_MODE"] is not ZaloBotMode.WEBHOOK:
        return []
    missing = [name for name in ("ZALO_BOT_TOKEN", "ZALO_BOT_WEBHOOK_SECRET") if not texts[name]]
    problems = [Problem(name=name, code="zalo_bot_webhook_needs") for name in missing]
    # A stand-in may call over plain http; Zalo never does.
    official = values["ZALO_BOT_API_URL"] == SETTINGS["ZALO_BOT_API_URL"].default
    if official and not str(values["PUBLIC_URL"]).startswith("https://"):
        problems.append(Problem(name="PUBLIC_URL", code="zalo_bot_webhook_needs_https"))
    return problems


if __name__ == "__main__":
    sys.stdout.write(example())
