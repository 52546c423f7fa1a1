"""How both of Zalo's products begin to send, and what a break of the line means for what was being sent."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.channels.base import Delivery, Held, InDoubt, NotEdited, Outcome, Refused, Sent, Troubled, Unreachable
from bot.channels.zalo_line import MaybeSent, NotSent, ServerTrouble
from handlers.engine.reply import Reply

Part = TypeVar("Part")
Answer = TypeVar("Answer")


async def send_piece(
    delivery: Delivery,
    parts: Callable[[Delivery], Awaitable[Sequence[Part]]],
    send: Callable[[Delivery, Part], Awaitable[Outcome]],
) -> Outcome:
    """Send one piece of a message by `send`; `parts` lays the message out. Zalo changes no messages, and has none for
    one person of a group."""
    if delivery.edits is not None:
        return NotEdited(reason="Zalo changes no messages")

    async def send_to(chat: Delivery) -> Outcome:
        found = await parts(chat)
        return await send(chat, found[chat.piece]) if chat.piece < len(found) else Refused(reason="there is no more")

    return await (_said_aside(delivery, send_to) if _is_aside(delivery) else send_to(delivery))


async def told(call: Awaitable[Answer]) -> Answer | Outcome:
    """What a call gives, or the end that a break of the line means for it."""
    try:
        return await call
    except NotSent as error:
        return Unreachable(reason=str(error))
    except ServerTrouble as error:
        return Troubled(reason=str(error))
    except MaybeSent as error:
        return InDoubt(reason=str(error))


def _is_aside(delivery: Delivery) -> bool:
    """Whether it is for one person of the group it goes to."""
    return bool(delivery.reply.only_for) and delivery.reply.only_for != delivery.chat


async def _said_aside(delivery: Delivery, send: Callable[[Delivery], Awaitable[Outcome]]) -> Outcome:
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
