"""The product's settings for a measurement: durable as ever, but nobody is asked to slow down."""

from pathlib import Path

from bench.ground.world import SECRET, TOKEN


def environment(folder: Path, url: str, api_url: str) -> dict[str, str]:
    """The variables of a bot that listens on any free port and speaks to this Bot API."""
    return {
        "DATA_DIR": str(folder), "DATABASE_URL": url, "HTTP_PORT": "0", "PUBLIC_URL": "https://bench.example",
        "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": api_url, "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_SECRET": SECRET, "MESSAGES_PER_MINUTE": "10000",
        "TELEGRAM_PER_SECOND": "1000", "TELEGRAM_CHAT_PER_SECOND": "1000",
        "TELEGRAM_CHAT_BURST": "100", "TELEGRAM_GROUP_PER_MINUTE": "1000", "LOG_LEVEL": "warning",
    }  # fmt: skip
