"""A picture's address is good for one picture and a short while, and cannot be made by anybody else."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.picture_links import MINUTES, PATH, PictureLinks

KEY = b"k" * 32
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
LINKS = PictureLinks(KEY, "https://danban.example.vn")


def token(attachment_id: int = 7) -> str:
    return LINKS.url(attachment_id, NOW).rpartition("/")[2]


def test_an_address_opens_its_picture_until_its_time_is_over() -> None:
    assert LINKS.url(7, NOW).startswith(f"https://danban.example.vn{PATH}")
    assert LINKS.opened(token(), NOW + timedelta(minutes=MINUTES, seconds=-1)) == 7
    assert LINKS.opened(token(), NOW + timedelta(minutes=MINUTES)) is None


@pytest.mark.parametrize(
    "changed", [token().replace("7-", "8-", 1), token()[:-1], token() + "x", "7", "", "7-9999999999.", "é.é"]
)
def test_a_changed_address_opens_nothing(changed: str) -> None:
    assert LINKS.opened(changed, NOW) is None


def test_an_address_signed_with_another_key_opens_nothing() -> None:
    foreign = PictureLinks(b"x" * 32, "https://danban.example.vn").url(7, NOW).rpartition("/")[2]
    assert LINKS.opened(foreign, NOW) is None


def test_only_a_safe_address_is_reachable_for_a_platform() -> None:
    assert LINKS.reachable and not PictureLinks(KEY, "http://127.0.0.1:8080").reachable
