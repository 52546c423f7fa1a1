"""The book: every command and form of the product, put together in one place."""

from handlers.context import Book, Turn
from handlers.official import case as official_case
from handlers.official import dialogues as official_dialogues
from handlers.official import digest as official_digest
from handlers.official import join, queue
from handlers.official import plans as official_plans
from handlers.resident import arriving, dialogues, linking, my_cases, plans, report, start, verdict, which_case
from storage import cases

_RESIDENT = (start, arriving, report, my_cases, verdict, which_case, plans, dialogues, linking)
_OFFICIAL = (join, queue, official_case, official_plans, official_dialogues, official_digest)


async def reply_to_case(turn: Turn, case_id: int) -> bool:
    """A reply to a message of ours about a case: its resident adds to it, an official answers it."""
    case = await cases.among(turn.tx, turn.ward_ids, case_id)
    if case is None:
        return False
    if case.resident_id == turn.person.id and not turn.event.in_group:
        await which_case.reply_to_own_case(turn, case)
        return True
    return await official_case.reply_to_case(turn, case)


BOOK = Book(
    commands=tuple(command for room in (*_RESIDENT, *_OFFICIAL) for command in getattr(room, "COMMANDS", ())),
    forms={name: form for room in (*_RESIDENT, *_OFFICIAL) for name, form in getattr(room, "FORMS", {}).items()},
    free_text=which_case.free_text,
    reply_to_case=reply_to_case,
    linking_code=linking.code_alone,
)
