"""How long after somebody last wrote they may be written to."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.contact_window import Contact, ContactWindow

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
ZALO = ContactWindow(free=timedelta(hours=48), closed=timedelta(days=7))


@pytest.mark.parametrize(
    ("hours", "contact"),
    [
        (0, Contact.FREE),
        (47.99, Contact.FREE),
        (48, Contact.BILLED),
        (167.99, Contact.BILLED),
        (168, Contact.CLOSED),
        (5000, Contact.CLOSED),
    ],
)
def test_it_is_free_then_billed_then_closed(hours: float, contact: Contact) -> None:
    assert ZALO.at(NOW, last_contact_at=NOW - timedelta(hours=hours)) is contact


def test_of_whom_nothing_is_known_the_platform_judges() -> None:
    assert ZALO.at(NOW, last_contact_at=None) is Contact.FREE
