"""Messages that are not new: one that was changed after it was sent, and the late part of an album."""

from domain.case import Act, Case
from handlers.commands import parse
from handlers.context import Turn
from handlers.drafts import ALBUM, given_by, rewritten
from handlers.engine.conversation import Filling
from handlers.engine.form import Data
from handlers.filling import advance, fill
from handlers.resident import not_by_chat
from handlers.resident.which_case import add_to_case
from handlers.texts.chats import not_taken
from storage import case_messages, cases
from storage.case_messages import Heard

WELCOME_KEEPS = "more"


async def taken(turn: Turn) -> bool:
    """Take what belongs to an earlier message; False for everything that is new."""
    if turn.event.edited:
        await _changed(turn)
        return True
    return await _late_part(turn)


async def _changed(turn: Turn) -> None:
    """The draft that the message is part of changes, or its case is added to; for anything else see _in_group."""
    event = turn.event
    conversation = turn.conversation
    for filling in (conversation.filling, *reversed(conversation.parked)):
        if filling is not None and await _in_draft(turn, filling):
            return
    known = await case_messages.find(turn.tx, turn.address, event.message_id or "")
    if known is None:
        _in_group(turn)
        _file_changed(turn, is_ours=not event.in_group)
        return
    case = await cases.among(turn.tx, turn.ward_ids, known.case_id)
    if case is None:
        return
    # Platforms also tell of changes that change no word.
    if not known.says(event.text) or (event.not_taken is not None and case.resident_id != turn.person.id):
        await _in_case(turn, case)
    else:
        _file_changed(turn)


def _file_changed(turn: Turn, *, is_ours: bool = True) -> None:
    """The words are as they were: then it is the photo or file that was changed, and that is said not to be taken."""
    if is_ours and turn.event.not_taken is not None:
        turn.remark(not_taken(turn.event.not_taken, turn.language))


def _in_group(turn: Turn) -> None:
    """Whoever mends a mistyped command by changing it learns that it was not carried out; chatter is theirs to change.

    It is not carried out: the first one may have been, and a platform may tell of one change twice.
    """
    event = turn.event
    if not event.in_group:
        return
    typed = parse(event.text)
    if event.addressed or (typed is not None and turn.book.command(typed[0]) is not None):
        turn.remark(turn._("✏️ I carry out no command from a changed message. Please send it again as a new one."))


async def _in_draft(turn: Turn, filling: Filling) -> bool:
    """Change the draft if the message is part of it; whether it is."""
    event = turn.event
    held = filling.data.get(WELCOME_KEEPS, filling.data)
    found = rewritten(held, event.message_id or "", event.text)
    if found is None:
        return False
    if found["text"] == held.get("text", ""):
        _file_changed(turn)
        return True
    data = filling.data | {WELCOME_KEEPS: found} if held is not filling.data else found
    data = _reread(turn, filling.form, data, found)
    turn.conversation = turn.conversation.amend(filling.form, data)
    if turn.conversation.filling is not None and turn.conversation.filling.form == filling.form:
        await advance(turn)
    else:
        turn.say(turn._("✏️ I have changed it as you wrote."))
    return True


def _reread(turn: Turn, form: str, data: Data, found: Data) -> Data:
    handler = turn.book.forms[form]
    if handler.reread is not None:
        return handler.reread(turn, data)
    if turn.official is None and not_by_chat.denounces(found["text"]):
        return data | not_by_chat.stopped(found)
    return data


async def _in_case(turn: Turn, case: Case) -> None:
    """What was sent stays as it was; a resident's change is added to it, an official is told how to correct it."""
    _ = turn._
    if case.resident_id != turn.person.id:
        turn.say(
            _(
                "✏️ The resident of {code} has read it as you sent it; a changed message does not reach them. To "
                "correct it, reply to the card again, or send /traloi {code} with the correction.",
                code=case.code,
            ),
            case_id=case.id,
        )  # fmt: skip
        return
    if not case.may(Act.ADD):
        over = _("✏️ You changed a message of {code}, which is over. To say more, please write to me anew.")
        turn.say(over.format(code=case.code))
        return
    given = given_by(turn.event)
    told = given | {"text": _("✏️ Changed to: {text}", text=given["text"]), "pieces": []}
    await add_to_case(turn, case.code, told)
    if not not_by_chat.denounces(given["text"]):
        now_said = Heard(message=turn.event.message_id or "", text=given["text"])
        await case_messages.note(turn.tx, turn.address, (now_said,), case.id, now=turn.now)


async def _late_part(turn: Turn) -> bool:
    """A part of an album whose other parts were taken before: it goes where they went. False if there are none."""
    album = turn.event.album
    filling = turn.conversation.filling
    if album is None or turn.event.text.strip() or not turn.event.attachments:
        return False
    if filling is not None and album in filling.data.get("albums", []):
        await fill(turn, None)
        return True
    known = await case_messages.find(turn.tx, turn.address, f"{ALBUM}{album}")
    if known is None:
        return False
    case = await cases.among(turn.tx, turn.ward_ids, known.case_id)
    if case is None or case.resident_id != turn.person.id or not case.may(Act.ADD):
        return False
    await add_to_case(turn, case.code, given_by(turn.event))
    return True
