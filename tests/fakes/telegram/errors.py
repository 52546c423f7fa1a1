"""The Bot API's refusals, in its own words (tdlib/telegram-bot-api, Client.cpp)."""

from typing import Any


class ApiError(Exception):
    """One refusal: its status, its sentence and its `parameters`."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """As answered."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad(description: str, **parameters: Any) -> ApiError:
    """400."""
    return ApiError(400, f"Bad Request: {description}", **parameters)


def forbidden(description: str) -> ApiError:
    """403."""
    return ApiError(403, f"Forbidden: {description}")


def conflict(description: str) -> ApiError:
    """409."""
    return ApiError(409, f"Conflict: {description}")


def flood(seconds: int) -> ApiError:
    """429."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
