"""A reply on a platform without buttons: its words, then its choices as a list to be answered by a number. Pure.

In private every choice has its number. In a group a number is only for the form somebody is filling in: between reading
a card and typing a number another card may come, so what is done to a case is typed with the case's code.
"""

from bot.channels.splitting import split, units
from handlers.engine.reply import Reply
from handlers.texts.menus import numbered_list, typed_list


def texts_of(reply: Reply, language: str, *, limit: int, mention: str | None = None) -> list[str]:
    """The messages a reply's words and choices take, each of `limit` units at most; the list is kept in one piece.

    `mention` is None in private; in a group it is what has to stand before words meant for us ("@Bot ", or "").
    """
    texts = split(reply.text, limit)
    choices = list_of(reply, language, mention=mention)
    if not choices:
        return texts
    if texts and units(f"{texts[-1]}\n\n{choices}") <= limit:
        return [*texts[:-1], f"{texts[-1]}\n\n{choices}"]
    return [*texts, *split(choices, limit)]


def list_of(reply: Reply, language: str, *, mention: str | None = None) -> str:
    """The choices as lines, with a word on how to answer; "" without choices."""
    if mention is None:
        return numbered_list(enumerate(reply.choices, 1), language)
    places = list(enumerate(reply.choices, 1))
    answers = [(number, one) for number, one in places if not one.id.startswith("/")]
    commands = [one for _number, one in places if one.id.startswith("/")]
    lists = (numbered_list(answers, language, mention=mention), typed_list(commands, language, mention=mention))
    return "\n\n".join(one for one in lists if one)
