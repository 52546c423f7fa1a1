"""What a look at an account brings up for `danban check`: how it is, in Vietnamese and in English."""

from urllib.parse import urlsplit

GOOD, DOUBTFUL, BAD = "good", "doubtful", "bad"

# How it looks, in Vietnamese and in English.
Remark = tuple[str, str, str]


def not_ours(platform: str, url: str, *, ours: str) -> Remark:
    """A bot's webhook that is not its own: none, another bot's of ours, or one of another installation.

    `ours` is what the addresses of all our bots on that platform begin with.
    """
    if not url:
        return (
            DOUBTFUL, f"{platform} chưa biết địa chỉ webhook; danban run sẽ tự đặt",
            "no webhook is set yet; danban run sets it",
        )  # fmt: skip
    if url.startswith(ours):
        other = url.removeprefix(ours)
        return (
            DOUBTFUL, f"webhook của bot này đang trỏ vào bot khác ({other}); danban run sẽ đặt lại",
            f"this bot's webhook is another bot's ({other}); danban run sets it anew",
        )  # fmt: skip
    # Only where to: the rest of an address may hold somebody's secret.
    host = urlsplit(url).hostname or url
    return (
        DOUBTFUL, f"webhook của bot này đang trỏ đến nơi khác ({host}); danban run sẽ đặt lại",
        f"this bot's webhook leads elsewhere ({host}); danban run sets it anew",
    )  # fmt: skip
