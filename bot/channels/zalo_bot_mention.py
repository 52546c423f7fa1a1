"""What is left of a message in a group when the mention of us is taken off: words, a number, or a command. Pure.

Zalo marks no mention: the bot's display name simply stands in the text, behind an @. Where that name is not known, the
words after the @ are searched for where a command or a number begins.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence

from domain.texts import fold
from handlers.commands import case_codes, command_in

NAME_WORDS_MAX = 10
HELP = "/trogiup"


def meant_for_us(text: str, names: Sequence[str], commands: Collection[str]) -> tuple[str, bool]:
    """The message without its mention, a command with its slash, and whether there was a mention.

    `commands` are the folded names of commands that may be typed without a slash. Without a mention (a reply to the bot
    is handed over as well) words are a command only if they name a case.
    """
    words = unicodedata.normalize("NFC", text).strip()
    rest = _without_name(words, names)
    if rest is None and words.startswith("@"):
        rest = _after_unknown_name(words, commands)
    if rest is not None:
        # Whoever only calls us wants to know what we can do.
        return command_in(rest, commands) or rest or HELP, True
    command = command_in(words, commands) if case_codes(words) else None
    return command or text, False


def _without_name(words: str, names: Sequence[str]) -> str | None:
    for name in sorted(names, key=len, reverse=True):
        mention = re.compile(rf"(?<!\w)@{re.escape(unicodedata.normalize('NFC', name))}(?!\w)[:,]?", re.IGNORECASE)
        if mention.search(words):
            return re.sub(r"[ \t]{2,}", " ", mention.sub(" ", words, count=1)).strip()
    return None


def _after_unknown_name(words: str, commands: Collection[str]) -> str:
    pieces = words.split(maxsplit=NAME_WORDS_MAX)
    for number in range(1, len(pieces)):
        rest = words.split(maxsplit=number)[number]
        if rest.startswith("/") or fold(rest).rstrip(".)").isdigit() or command_in(rest, commands):
            return rest
    return words.split(maxsplit=1)[1] if len(pieces) > 1 else ""
