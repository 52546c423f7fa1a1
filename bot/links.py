"""Links into the chat, by channel: what a person or a group taps to come to one of our accounts with what it is for."""

from collections.abc import Callable

from handlers.links import TELEGRAM, for_person
from storage.accounts import KnownAccount

# What the bot needs of a group is to be in it: no right of an administrator is asked for.
_GROUP: dict[str, Callable[[str, str], str]] = {
    TELEGRAM: lambda name, payload: f"https://t.me/{name}?startgroup={payload}"
}


def for_group(account: KnownAccount, payload: str) -> str | None:
    """The link by which somebody adds this account to a group of theirs; None where its platform has none."""
    made = _GROUP.get(account.on.channel)
    return made(account.name, payload) if made else None


def links(accounts: list[KnownAccount], payload: str, *, group: bool = False) -> list[tuple[str, str]]:
    """(channel, link) of every account whose platform has such links."""
    made = [(one.on.channel, (for_group if group else for_person)(one, payload)) for one in accounts]
    return [(channel, link) for channel, link in made if link is not None]


def webhook_url(public_url: str, account: str) -> str:
    """Where Telegram brings one bot's updates (bot.web.webhooks)."""
    return f"{public_url}/webhook/telegram/{account}"
