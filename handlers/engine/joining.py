"""Everything said in one turn as one message with one list, for platforms that count messages."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.engine.conversation import Conversation
from handlers.engine.menu import Menu
from handlers.engine.reply import Choice, Reply


def in_one(replies: Sequence[Reply], conversation: Conversation) -> tuple[tuple[Reply, ...], Conversation]:
    """These replies (two at least) as one, and the conversation with the menu that one shows.

    What is for one person of a group only stays apart.

    The last list keeps its numbers. Of the lists before it only commands go along, behind: they are good at any time,
    whereas a form's choices have been overtaken by what was asked after them.
    """
    if any(one.only_for for one in replies):
        return tuple(replies), conversation
    last = next((one for one in reversed(replies) if one.choices), None)
    said = Reply(
        text="\n\n".join(one.text for one in replies if one.text),
        choices=() if last is None else _choices(replies, last),
        attachments=tuple(dict.fromkeys(file for one in replies for file in one.attachments)),
        menu="" if last is None else last.menu,
        case_id=next((one.case_id for one in reversed(replies) if one.case_id is not None), None),
        by_reply=next((one.by_reply for one in replies if one.by_reply), ""),
    )
    if conversation.menu is None or conversation.menu.token != said.menu:
        return (said,), conversation
    return (said,), replace(conversation, menu=Menu(token=said.menu, choices=said.choices))


def _choices(replies: Sequence[Reply], last: Reply) -> tuple[Choice, ...]:
    known = {one.id for one in last.choices}
    earlier = [one for reply in replies if reply is not last for one in reply.choices if one.id.startswith("/")]
    return (*last.choices, *{one.id: one for one in earlier if one.id not in known}.values())
