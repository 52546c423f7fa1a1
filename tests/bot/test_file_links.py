"""A file's address is good for one file and a short while, and cannot be made by anybody else."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.file_links import FOR_PLATFORMS, PATH, FileLinks

KEY = b"k" * 32
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
LINKS = FileLinks(KEY, "https://danban.example.vn")


def token(attachment_id: int = 7) -> str:
    return LINKS.url(attachment_id, "tep-7.pdf", NOW).split("/")[-2]


def test_an_address_opens_its_file_until_its_time_is_over() -> None:
    assert LINKS.url(7, "tep-7.pdf", NOW) == f"https://danban.example.vn{PATH}{token()}/tep-7.pdf"
    assert LINKS.opened(token(), NOW + FOR_PLATFORMS - timedelta(seconds=1)) == 7
    assert LINKS.opened(token(), NOW + FOR_PLATFORMS) is None


def test_whoever_reads_it_has_longer_than_a_platform() -> None:
    lasting = LINKS.url(7, "tep-7.pdf", NOW, lasts=timedelta(days=3)).split("/")[-2]
    assert LINKS.opened(lasting, NOW + timedelta(days=3) - timedelta(seconds=1)) == 7
    assert LINKS.opened(lasting, NOW + timedelta(days=3)) is None


@pytest.mark.parametrize(
    "changed", [token().replace("7-", "8-", 1), token()[:-1], token() + "x", "7", "", "7-9999999999.", "é.é"]
)
def test_a_changed_address_opens_nothing(changed: str) -> None:
    assert LINKS.opened(changed, NOW) is None


def test_an_address_signed_with_another_key_opens_nothing() -> None:
    foreign = FileLinks(b"x" * 32, "https://danban.example.vn").url(7, "tep-7.pdf", NOW).split("/")[-2]
    assert LINKS.opened(foreign, NOW) is None


def test_only_a_safe_address_is_reachable_for_a_platform() -> None:
    assert LINKS.reachable and not FileLinks(KEY, "http://127.0.0.1:8080").reachable
