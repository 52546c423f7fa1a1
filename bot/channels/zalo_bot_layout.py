"""How a reply is laid out on a Zalo Bot: texts and pictures, the choices as a list below the last words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.channels.numbered import texts_of
from handlers.engine.reply import Reply
from handlers.texts.menus import photos_apart

# Bot API of Zalo, `sendMessage` and `sendPhoto`.
TEXT_MAX = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One call: a text, or one picture (the id of a stored file) with its caption.

    `instead` is said where the picture cannot be had and there is no caption.
    """

    text: str = ""
    picture: int | None = None
    instead: str = ""

    @property
    def words(self) -> str:
        """What is said without the picture."""
        return self.text or self.instead


def parts_of(reply: Reply, language: str, *, mention: str | None, pictures: Sequence[int]) -> tuple[Part, ...]:
    """The calls a reply takes, in order: every call counts, so that words which fit go below the last picture.

    `mention` is None in private. `pictures` are those of the reply's files that Zalo can fetch from us; the others are
    put in words.
    """
    reply = reply.without_replying()
    left_out = len(reply.attachments) - len(pictures)
    if left_out > 0:
        line = photos_apart(left_out, language)
        reply = replace(reply, text=f"{reply.text}\n\n{line}" if reply.text else line)
    texts = texts_of(reply, language, limit=TEXT_MAX, mention=mention)
    shown = [Part(picture=one, instead=photos_apart(1, language)) for one in pictures]
    if shown and len(texts) == 1:
        return (*shown[:-1], replace(shown[-1], text=texts[0]))
    return (*shown, *(Part(text=text) for text in texts))
