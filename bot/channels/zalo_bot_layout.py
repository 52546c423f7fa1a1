"""How a reply is laid out on a Zalo Bot: texts, pictures and recordings, the choices as a list below. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.channels.numbered import texts_of
from domain.files import FileKind
from handlers.engine.reply import Reply
from storage.attachments import Attachment

# Bot API of Zalo, `sendMessage` and `sendPhoto`.
TEXT_MAX = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One call: a text, or one file, a picture perhaps with a caption.

    `instead` is said where Zalo does not take the file.
    """

    text: str = ""
    file: Attachment | None = None
    instead: str = ""

    @property
    def words(self) -> str:
        """What is said without the file."""
        return "\n\n".join(part for part in (self.text, self.instead) if part)


def parts_of(
    reply: Reply,
    language: str,
    *,
    mention: str | None,
    shown: Sequence[Attachment],
    in_words: Callable[[Sequence[Attachment]], str],
    files: Sequence[Attachment],
) -> tuple[Part, ...]:
    """The calls a reply takes, in order: every call counts, so that words which fit go below the last picture.

    `mention` is None in private. `shown` are those of the reply's `files` that Zalo can fetch from us; the others are
    put `in_words`.
    """
    reply = reply.without_replying()
    line = in_words([one for one in files if one not in shown])
    if line:
        reply = replace(reply, text=f"{reply.text}\n\n{line}" if reply.text else line)
    texts = texts_of(reply, language, limit=TEXT_MAX, mention=mention)
    sent = [Part(file=one, instead=in_words([one])) for one in shown]
    # A recording has no caption.
    if sent and shown[-1].file.kind is FileKind.PHOTO and len(texts) == 1:
        return (*sent[:-1], replace(sent[-1], text=texts[0]))
    return (*sent, *(Part(text=text) for text in texts))
