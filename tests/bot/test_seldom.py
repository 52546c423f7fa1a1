"""What keeps going wrong is in the log once a minute, with how often."""

import logging

import pytest

from bot.seldom import Seldom

log = logging.getLogger("here")


def test_the_same_complaint_is_written_once_a_minute_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    seldom = Seldom()
    for now in (0.0, 1.0, 59.0, 60.0, 61.0):
        seldom.error(log, "%s is away", "it", now=now)
    seldom.error(log, "%s is away", "another", now=61.0)
    assert caplog.messages == ["it is away", "it is away (and 2 times before)", "another is away"]
