"""What is said of chats and of what could not be taken from them: a lost group, a file too large, a changed message."""

from collections.abc import Callable
from typing import Any

from domain.notices import NoticeKind
from handlers.engine.reply import Reply
from handlers.i18n import N_, translator

# Why something that came with an event was not taken; a channel names it in Event.not_taken.
NOT_TAKEN = {
    "file_too_large": N_(
        "That file is too large to be taken. Please send a shorter recording or video, a photo, or describe it in "
        "words."
    ),
    "file_failed": N_("I could not fetch that file just now. Please send it once more, or describe it in words."),
    "file_type": N_(
        "I cannot take that kind of file. I can take photos, recordings, videos, PDF, Word (.docx) and Excel (.xlsx). "
        "Please send one of these, or describe it in words."
    ),
    "picture_too_large": N_("That photo has too many pixels. Please send it as a photo instead of as a file."),
    "picture_unreadable": N_("That photo is damaged and cannot be opened. Please take it again or choose another."),
    "file_changed": N_(
        "✏️ I keep the photo or file as you sent it first; one that is changed afterwards does not reach me. Please "
        "send the new one as a new message."
    ),
    "not_handed_out": N_(
        "Telegram does not let me see that. Please send the photo or the video itself, or describe it in words."
    ),
    "form": N_(
        "Thank you. What is filled into that form is not kept here. Please write to me what is the matter; I ask for "
        "whatever else is needed."
    ),
    "hidden": N_(
        "A place, a file or a link cannot be read here. Please write the address in words (house number, street, "
        "residential group), or send a photo."
    ),
}


# A sticker, a poll, a game: nothing of it can go into a case.
UNREADABLE = N_(
    "I cannot read that kind of message. Please write it in words, or send a photo, a recording, a video or a place."
)


def not_taken(reason: str, language: str) -> str:
    """The sentence that says what could not be taken and what to do instead."""
    return translator(language)(NOT_TAKEN.get(reason, NOT_TAKEN["file_failed"]))


def _group_gone(params: dict[str, Any], language: str) -> Reply:
    _ = translator(language)
    named = params["unit"] or params["ward"]
    if params["gone"]:
        text = _(
            "⚠️ I can no longer write to the group of {group}: I was removed, or the group is gone.\n"
            "What was meant for it comes here. To have a group again, add me to it and send /thamgia with a new code "
            "there.",
            group=named,
        )
    else:
        text = _(
            "⚠️ I am not allowed to write in the group of {group}. What was meant for it comes here.\n"
            "Please have an administrator of the group allow me to send messages.",
            group=named,
        )
    return Reply(text=text)


def _greeting(params: dict[str, Any], language: str) -> Reply:
    _ = translator(language)
    whose = _("I am the assistant of {ward}.", ward=params["ward"]) if params["ward"] else _("I am a ward's assistant.")
    how = _(
        "This group is not bound to anything yet, so I say nothing here. An administrator of the group binds it to a "
        "unit or to the ward by one tap on the link of a group invite, or by sending /thamgia CODE here. The ward's "
        "administrator makes the invite."
    )
    hello = _("Hello!")
    return Reply(text=f"{hello} {whose}\n{how}")


def _closed_to_us(params: dict[str, Any], language: str) -> Reply:
    _ = translator(language)
    text = _(
        "You added me to the group “{group}”, but I am not allowed to write there. Please have an administrator of the "
        "group allow me to send messages; then bind it with /thamgia CODE.",
        group=params["group"],
    )
    return Reply(text=text)


RENDERERS: dict[NoticeKind, Callable[[dict[str, Any], str], Reply]] = {
    NoticeKind.GROUP_GONE: _group_gone,
    NoticeKind.GROUP_GREETING: _greeting,
    NoticeKind.GROUP_CLOSED_TO_US: _closed_to_us,
}
