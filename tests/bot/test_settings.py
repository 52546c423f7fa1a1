"""Settings: read from the environment and `.env`, all mistakes at once, no secret ever shown."""

import base64
import re
from dataclasses import fields
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, TelegramMode
from bot.settings_table import SETTINGS, example
from bot.settings_words import WORDS, Problem, by_language, sentence

ROOT = Path(__file__).parents[2]
SECRET = "123456:very-secret-token"
KEY = bytes(range(32))


def problems(env: dict[str, str], file: Path | None = None) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        Settings.load(env, file)
    return {problem.name: problem.code for problem in caught.value.problems}


def env_file(folder: Path, content: bytes) -> Path:
    file = folder / ".env"
    file.write_bytes(content)
    return file


def test_nothing_needs_to_be_set() -> None:
    settings = Settings.load({})
    assert settings.database_url == "sqlite+aiosqlite:///var/danban.db"
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.telegram_token == ()
    assert not settings.demo
    assert not settings.warnings


def test_every_setting_is_read_and_every_field_is_a_setting() -> None:
    names = {field.name.upper() for field in fields(Settings)} - {"WARNINGS"}
    assert names == set(SETTINGS)


def test_an_empty_value_is_none_given() -> None:
    settings = Settings.load({"HTTP_PORT": " ", "TELEGRAM_TOKEN": ""})
    assert settings.http_port == 8080
    assert settings.telegram_token == ()


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = env_file(tmp_path, b"HTTP_PORT=9000\nINVITE_DAYS=3\n")
    settings = Settings.load({"HTTP_PORT": "9001"}, file)
    assert (settings.http_port, settings.invite_days) == (9001, 3)


def test_a_file_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert Settings.load({}, tmp_path / "none.env") == Settings.load({})


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfHTTP_PORT=9000\nLOG_LEVEL=debug\n",
        b"HTTP_PORT=9000\r\nLOG_LEVEL=DEBUG\r\n",
        b"HTTP_PORT = \"9000\"\nexport LOG_LEVEL='DEBUG'\n",
        b"\n# port\nHTTP_PORT=  9000   # mine\n\n\nLOG_LEVEL=Debug",
    ],
)
def test_a_file_is_read_as_people_leave_it(tmp_path: Path, content: bytes) -> None:
    settings = Settings.load({}, env_file(tmp_path, content))
    assert (settings.http_port, settings.log_level) == (9000, "DEBUG")


def test_a_half_written_line_is_named_by_its_number(tmp_path: Path) -> None:
    file = env_file(tmp_path, b'# mine\n\nHTTP_PORT=9000\n\nTELEGRAM_TOKEN\nLOG_LEVEL="INFO\n')
    with pytest.raises(SettingsError) as caught:
        Settings.load({}, file)
    assert [problem.params["line"] for problem in caught.value.problems] == [5, 6]


def test_a_half_written_secret_is_not_shown(tmp_path: Path) -> None:
    file = env_file(tmp_path, f'TELEGRAM_TOKEN="{SECRET}\nSEAL_KEY = {SECRET}"\n'.encode())
    with pytest.raises(SettingsError) as caught:
        Settings.load({}, file)
    assert "very-secret" not in str(caught.value)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = env_file(tmp_path, "PUBLIC_URL=http://phường\n".encode("utf-16"))
    assert problems({}, file) == {".env": "file_not_text"}


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert problems({}, tmp_path / ".env") == {".env": "file_unreadable"}


def test_a_slip_in_a_name_is_pointed_out(tmp_path: Path) -> None:
    settings = Settings.load({}, env_file(tmp_path, b"TELGRAM_TOKEN=1:abc\nHTTP_PROXY=x\nMY_OWN=1\n"))
    assert [(warning.name, warning.params["guess"]) for warning in settings.warnings] == [
        ("TELGRAM_TOKEN", "TELEGRAM_TOKEN")
    ]


def test_a_setting_written_twice_is_pointed_out_and_the_last_one_counts(tmp_path: Path) -> None:
    settings = Settings.load({}, env_file(tmp_path, b"HTTP_PORT=1\nHTTP_PORT=2\n"))
    assert settings.http_port == 2
    assert [(warning.name, warning.code) for warning in settings.warnings] == [("HTTP_PORT", "written_twice")]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    env = {
        "HTTP_PORT": "eighty",
        "HTTP_HOST": "127.0.0",
        "PUBLIC_URL": "danban.example.vn",
        "LOG_LEVEL": "LOUD",
        "DEMO": "perhaps",
        "TELEGRAM_TOKEN": "your token here",
        "SEAL_KEY": "short",
        "DATABASE_URL": "mysql://root@host/x",
        "UPLOAD_MAX_BYTES": "ten",
        "INVITE_DAYS": "0",
    }
    assert problems(env, env_file(tmp_path, b"oops\n")) == {
        ".env": "line_broken",
        "HTTP_PORT": "not_a_number",
        "HTTP_HOST": "not_a_host",
        "PUBLIC_URL": "not_a_url",
        "LOG_LEVEL": "not_a_choice",
        "DEMO": "not_yes_no",
        "TELEGRAM_TOKEN": "not_a_token",
        "SEAL_KEY": "not_a_key",
        "DATABASE_URL": "not_a_database",
        "UPLOAD_MAX_BYTES": "not_a_size",
        "INVITE_DAYS": "out_of_range",
    }


@pytest.mark.parametrize("name", [name for name, setting in SETTINGS.items() if setting.secret])
def test_a_secret_is_never_shown(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load({name: "very secret!", "HTTP_PORT": "x"})
    assert "very secret" not in str(caught.value)


def test_the_settings_do_not_show_their_secrets() -> None:
    url = "postgresql://me:very-secret@host/danban"
    settings = Settings.load({"TELEGRAM_TOKEN": SECRET, "SEAL_KEY": KEY.hex(), "DATABASE_URL": url})
    assert "very-secret" not in repr(settings)
    assert repr(KEY) not in repr(settings)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("sqlite:///var/x.db", "sqlite+aiosqlite:///var/x.db"),
        ("sqlite+aiosqlite:////srv/x.db", "sqlite+aiosqlite:////srv/x.db"),
        ("postgres://me:p%40ss@db/danban", "postgresql+asyncpg://me:p%40ss@db/danban"),
        ("postgresql://me@/danban?host=/run/postgresql", "postgresql+asyncpg://me@/danban?host=/run/postgresql"),
        ("postgresql+asyncpg://db/danban?sslmode=require", "postgresql+asyncpg://db/danban?ssl=require"),
    ],
)
def test_a_database_may_be_named_in_the_usual_ways(given: str, read: str) -> None:
    assert Settings.load({"DATABASE_URL": given}).database_url == read


def test_the_database_goes_where_the_data_goes(tmp_path: Path) -> None:
    assert Settings.load({"DATA_DIR": str(tmp_path)}).database_url == f"sqlite+aiosqlite:///{tmp_path}/danban.db"


@pytest.mark.parametrize(
    ("given", "size"), [("2048", 2048), ("10 MiB", 10 * 2**20), ("5mb", 5_000_000), ("64KiB", 65536)]
)
def test_a_size_may_have_a_unit(given: str, size: int) -> None:
    assert Settings.load({"UPLOAD_MAX_BYTES": given}).upload_max_bytes == size


@pytest.mark.parametrize(
    "given",
    [KEY.hex(), KEY.hex().upper(), base64.b64encode(KEY).decode(), base64.urlsafe_b64encode(KEY).decode().rstrip("=")],
)
def test_a_key_may_be_hex_or_base64(given: str) -> None:
    assert Settings.load({"SEAL_KEY": given}).seal_key == KEY


@pytest.mark.parametrize(
    ("env", "url"),
    [
        ({"HTTP_HOST": "0.0.0.0", "HTTP_PORT": "9000"}, "http://127.0.0.1:9000"),
        ({"HTTP_HOST": "::1"}, "http://[::1]:8080"),
        ({"PUBLIC_URL": "https://danban.example.vn/"}, "https://danban.example.vn"),
    ],
)
def test_the_public_address_follows_unless_it_is_given(env: dict[str, str], url: str) -> None:
    assert Settings.load(env).public_url == url


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "danban.example.vn"])
def test_the_demonstration_is_refused_where_others_can_reach_it(host: str) -> None:
    assert problems({"DEMO": "1", "HTTP_HOST": host}) == {"DEMO": "demo_in_public"}


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.1.2.3"])
def test_the_demonstration_is_for_this_machine(host: str) -> None:
    assert Settings.load({"DEMO": "1", "HTTP_HOST": host}).demo


@pytest.mark.parametrize(
    ("env", "file", "demo"),
    [
        ({"DEMO": "auto"}, b"", True),
        ({"DEMO": "auto"}, b"DEMO=0\n", False),
        ({"DEMO": "auto", "HTTP_HOST": "0.0.0.0"}, b"", False),
        ({"DEMO": "0"}, b"DEMO=1\n", False),
        ({}, b"DEMO=1\n", True),
    ],
)
def test_a_demonstration_left_open_gives_way_to_the_file(
    tmp_path: Path, env: dict[str, str], file: bytes, demo: bool
) -> None:
    assert Settings.load(env, env_file(tmp_path, file)).demo is demo


def test_a_webhook_needs_a_token_a_secret_and_https() -> None:
    assert problems({"TELEGRAM_MODE": "webhook"}) == {
        "TELEGRAM_TOKEN": "webhook_needs",
        "TELEGRAM_WEBHOOK_SECRET": "webhook_needs",
        "PUBLIC_URL": "webhook_needs_https",
    }


def test_a_bot_api_server_of_ones_own_may_call_over_http() -> None:
    settings = Settings.load(
        {
            "TELEGRAM_MODE": "webhook",
            "TELEGRAM_TOKEN": SECRET,
            "TELEGRAM_WEBHOOK_SECRET": "sixteen-letters-or-more",
            "TELEGRAM_API_URL": "http://127.0.0.1:8081",
        }
    )
    assert settings.telegram_mode is TelegramMode.WEBHOOK


def test_a_long_wrong_value_is_shortened_in_its_sentence() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load({"LOG_LEVEL": "x" * 500})
    assert "x" * 50 not in str(caught.value)


@pytest.mark.parametrize("code", WORDS)
def test_every_mistake_has_its_sentence_in_both_languages_with_the_same_values(code: str) -> None:
    vi, en = (set(re.findall(r"{(\w+)}", words)) for words in WORDS[code])
    assert vi == en
    said = sentence(Problem(name="NAME", code=code, params=dict.fromkeys(vi, "?")))
    assert "\n" not in said and " / " in said


def test_problems_can_be_told_one_language_after_the_other() -> None:
    found = [Problem(name=".env", code="file_not_text"), Problem(name="DEMO", code="demo_in_public")]
    vi, en = by_language(found)
    assert [line.split()[0] for line in vi.splitlines()] == [line.split()[0] for line in en.splitlines()]
    assert "chép lại" in vi and "copy it again" in en


def test_the_example_file_is_what_the_table_says() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == example()


def test_the_example_file_can_be_used_as_it_is_and_with_every_line_turned_on(tmp_path: Path) -> None:
    turned_on = re.sub(r"^#([A-Z_]+=)", r"\1", example(), flags=re.MULTILINE)
    assert Settings.load({}, env_file(tmp_path, example().encode())) == Settings.load({})
    assert Settings.load({}, env_file(tmp_path, turned_on.encode())) == Settings.load({})


def test_figures_open_to_the_network_ask_for_a_token() -> None:
    open_to_all = {"METRICS_HOST": "0.0.0.0", "METRICS_PORT": "9100"}
    assert problems(open_to_all) == {"METRICS_TOKEN": "metrics_in_public"}
    assert Settings.load(open_to_all | {"METRICS_TOKEN": "a-token-of-sixteen-letters"}).metrics_port == 9100
    assert Settings.load({"METRICS_HOST": "0.0.0.0"}).metrics_port is None
