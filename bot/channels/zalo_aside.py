"""A word to one person of a group, on platforms that have no message for one: in private, or a neutral line aloud."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.channels.base import Delivery, Held, Outcome, Refused, Sent
from handlers.engine.reply import Reply


def is_aside(delivery: Delivery) -> bool:
    """Whether it is for one person of the group it goes to."""
    return bool(delivery.reply.only_for) and delivery.reply.only_for != delivery.chat


async def said_aside(delivery: Delivery, send: Callable[[Delivery], Awaitable[Outcome]]) -> Outcome:
    """Say it to them in private by `send`; whoever cannot be reached there is asked aloud to open a private chat."""
    reply = delivery.reply
    outcome = await send(replace(delivery, chat=reply.only_for or "", quote=None))
    if isinstance(outcome, Sent):
        # It is no message of the group that somebody could answer there.
        return Sent(message_id="")
    if not isinstance(outcome, Refused | Held):
        return outcome
    if not reply.aloud or delivery.piece:
        # Their refusal says nothing of the group.
        return Refused(reason=outcome.reason)
    return await send(replace(delivery, reply=Reply(text=reply.aloud)))
