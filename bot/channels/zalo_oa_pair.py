"""A pair of tokens, as Zalo gives it and as it is kept."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

# What Zalo says it is (25 hours), and the least that is believed.
DEFAULT_SECONDS, SECONDS_MIN = 90000, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An access token and the refresh token that came with it; `generation` counts the pairs of an application."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    obtained_at: datetime
    expires_at: datetime
    generation: int

    @classmethod
    def from_answer(cls, said: dict[str, Any], *, generation: int, at: datetime) -> "Pair":
        """The pair in Zalo's answer, obtained at an instant."""
        seconds = max(int(said.get("expires_in") or DEFAULT_SECONDS), SECONDS_MIN)
        return cls(
            access=str(said["access_token"]), refresh=str(said["refresh_token"]), obtained_at=at,
            expires_at=at + timedelta(seconds=seconds), generation=generation,
        )  # fmt: skip

    def to_json(self) -> bytes:
        """What is to be sealed."""
        inside = {"access": self.access, "refresh": self.refresh, "obtained_at": self.obtained_at.timestamp()}
        return json.dumps(inside).encode()

    @classmethod
    def from_json(cls, inside: bytes, *, generation: int, expires_at: datetime) -> "Pair":
        """What was sealed."""
        kept = json.loads(inside)
        return cls(
            access=kept["access"], refresh=kept["refresh"], expires_at=expires_at, generation=generation,
            obtained_at=datetime.fromtimestamp(kept["obtained_at"], UTC),
        )  # fmt: skip


def pair_in(raw: bytes) -> dict[str, Any] | None:
    """The pair in Zalo's answer; None if it says something else."""
    try:
        said = json.loads(raw)
    except ValueError:
        return None
    fit = isinstance(said, dict) and said.get("access_token") and said.get("refresh_token")
    return said if fit else None


def error_in(raw: bytes) -> str:
    """The number of Zalo's refusal, and none of its words."""
    try:
        return str(int(json.loads(raw)["error"]))
    except (ValueError, KeyError, TypeError):
        return "nothing readable"
