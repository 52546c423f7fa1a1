"""Faults a test orders: the next calls of a method are refused, delayed, or cut off before or after their effect."""

from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram.errors import ApiError, flood

BEFORE, AFTER = "cut_before", "cut_after"
KINDS = (BEFORE, AFTER, "429", "500", "502", "403", "400", "hang")


@dataclass
class Fault:
    """`kind` for the next `times` calls of `method` ("" for any) to `chat_id` (None for any)."""

    kind: str
    method: str = ""
    times: int = 1
    chat_id: int | None = None
    retry_after: int = 1
    seconds: float = 60.0
    description: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(self.kind)
        self.method = self.method.lower()

    def error(self) -> ApiError | None:
        """The refusal it answers with; None for a fault of the line."""
        if self.kind == "429":
            return flood(self.retry_after)
        if self.kind in ("500", "502", "403", "400"):
            said = {
                "500": "Internal Server Error",
                "502": "Bad Gateway",
                "403": "Forbidden: bot was blocked by the user",
            }
            return ApiError(int(self.kind), self.description or said.get(self.kind, "Bad Request: ordered by a test"))
        return None


class Faults:
    """The faults in store."""

    def __init__(self) -> None:
        self.ordered: list[Fault] = []

    def take(self, method: str, params: dict[str, Any]) -> Fault | None:
        """The fault this call meets, used up by it."""
        for one in self.ordered:
            elsewhere = one.chat_id is not None and str(params.get("chat_id")) != str(one.chat_id)
            if (one.method and one.method != method) or elsewhere:
                continue
            one.times -= 1
            if one.times <= 0:
                self.ordered.remove(one)
            return one
        return None
