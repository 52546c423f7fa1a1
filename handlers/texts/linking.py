"""What is said about channels that are, or are to be, one person's."""

from collections.abc import Callable
from typing import Any

from domain.notices import NoticeKind
from handlers.engine.reply import Choice, Reply
from handlers.i18n import N_, translator

NAMES = {"telegram": "Telegram", "zalo_oa": "Zalo", "zalo_bot": "Zalo Bot", "web": N_("the web page")}


def channel_name(channel: str, language: str) -> str:
    """What people call a channel."""
    return translator(language)(NAMES.get(channel, channel))


def whose(name: str, channel: str, language: str) -> str:
    """An account as it names itself: anybody can call themselves anything, so the name is quoted."""
    _ = translator(language)
    named = channel_name(channel, language)
    return _("{channel}, which calls itself “{name}”", channel=named, name=name) if name else named


def not_me(link: int, language: str) -> Choice:
    """Say no to being joined, or part what was."""
    _ = translator(language)
    return Choice(id=f"/lienket khong {link}", label=_("That is not me"), also=("không", "no"))


def _asked(params: dict[str, Any], language: str) -> Reply:
    _ = translator(language)
    text = _(
        "🔗 Somebody on {who} has typed your code and wants to be joined with you here.\n"
        "⚠️ If you say yes, they read every case of yours, and you theirs. Have you just typed it there yourself? "
        "Nobody from the ward ever asks for your code.",
        who=whose(params["name"], params["channel"], language),
    )  # fmt: skip
    yes = Choice(id=f"/lienket co {params['link']}", label=_("Yes, both are mine"), also=("đúng là tôi",))
    return Reply(text=text, choices=(not_me(params["link"], language), yes))


def _joined(params: dict[str, Any], language: str) -> Reply:
    _ = translator(language)
    text = _(
        "✅ This is joined with {channel} now: the same cases on both, and you are told once, where you wrote last. "
        "To choose, or to part them: /lienket.\nWas it not you? Press at once; both are parted again.",
        channel=channel_name(params["channel"], language),
    )  # fmt: skip
    return Reply(text=text, choices=(not_me(params["link"], language), linking_choice(language)))


def _refused(params: dict[str, Any], language: str) -> Reply:
    _ = translator(language)
    text = _(
        "{channel} said no: nothing has been joined. If that was you, please begin again with /lienket.",
        channel=channel_name(params["channel"], language),
    )
    return Reply(text=text)


def _parted(params: dict[str, Any], language: str) -> Reply:
    _ = translator(language)
    text = _(
        "🔓 {channel} has been parted from the others. Each channel has the cases that were sent from it: /hoso.",
        channel=channel_name(params["channel"], language),
    )
    return Reply(text=text)


def linking_choice(language: str) -> Choice:
    """The way to one's channels, for a menu."""
    _ = translator(language)
    return Choice(id="/lienket", label=_("My channels (Zalo, Telegram)"))


SENTENCES = {
    "link_unknown": N_("I do not know that code. Please send /lienket on your other channel for a new one."),
    "link_used": N_("That code has been used. Please send /lienket on your other channel for a new one."),
    "link_expired": N_("That code is too old. Please send /lienket on your other channel for a new one."),
    "link_self": N_("This code belongs on your other channel: open it there and type the code to me."),
    "link_already": N_("These two channels are joined already. See /lienket."),
    "link_other_ward": N_("Your other channel is with another ward. Please change it there first, then try again."),
    "link_official": N_(
        "An official's account cannot be joined by a code. For a second channel please ask your administrator for an "
        "invite of its own."
    ),
    "link_not_asked": N_("Nobody has said yes on the other channel yet. Please type the code and agree there first."),
    "link_too_many_tries": N_("That is too many codes for one hour. Please try again later."),
    "link_unclear": N_("Please send /lienket and press one of the buttons."),
    "invite_linked": N_(
        "This account is joined with another channel, and an office must not come along to it. Please part them "
        "(/lienket), then send the code again."
    ),
}

RENDERERS: dict[NoticeKind, Callable[[dict[str, Any], str], Reply]] = {
    NoticeKind.LINK_ASKED: _asked,
    NoticeKind.LINK_JOINED: _joined,
    NoticeKind.LINK_REFUSED: _refused,
    NoticeKind.LINK_PARTED: _parted,
}
