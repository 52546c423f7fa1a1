"""What the law does not let be filed by chat: why, in three sentences, and what to do instead."""

from datetime import datetime

from domain.case import CaseKind
from domain.routing_kind import guess_kind
from handlers.context import Turn
from handlers.engine.form import Data
from handlers.texts.formats import weekdays
from handlers.texts.menus import main_menu
from storage import forgetting


def complaint(turn: Turn) -> str:
    """A khiếu nại needs a signed form or a visit (Luật 02/2011/QH13 Đ8, Đ11.5)."""
    _ = turn._
    return _(
        "This sounds like a formal complaint (khiếu nại) against a decision. By law it needs your signature, so a chat "
        "message does not count and its 90 days keep running. Please bring or post a signed letter to {place}{days}.",
        place=_where(turn), days=_when(turn),
    )  # fmt: skip


def denounces(text: str) -> bool:
    """Whether a text is a denunciation, whose content may stand in no ordinary case (Luật 25/2018/QH14 Đ22, Đ56)."""
    return guess_kind(text).kind is CaseKind.DENUNCIATION


def stopped(data: Data) -> Data:
    """What is left of a draft that turned out to be a denunciation: that it is one, and what is to be forgotten."""
    since = {"since": data["since"]} if "since" in data else {}
    return {"stop": True, "heard": data.get("heard", []), "attachments": data.get("attachments", [])} | since


async def guide_denouncer(turn: Turn, data: Data) -> None:
    """A tố cáo must be made in writing or in person, and whoever makes it is protected (Luật 25/2018/QH14 Đ9, Đ22).

    What was said of it is forgotten: this message, those that `data` (see `stopped`) names, and what we asked about
    them.
    """
    _ = turn._
    event = turn.event
    heard = {one for one in (event.message_id, *event.others, *data.get("heard", [])) if one}
    since = datetime.fromisoformat(data["since"]) if "since" in data else turn.now
    await forgetting.forget_talk(turn.tx, turn.address, heard, since=since, language=turn.language, now=turn.now)
    await forgetting.forget_files(turn.tx, [*event.attachments, *data.get("attachments", [])])
    turn.say(
        _(
            "🔒 This sounds like a denunciation (tố cáo). The law protects your name, and a chat cannot, so I have "
            "kept nothing of what you wrote. Please bring or post a signed letter to {place}{days}; for a crime call "
            "{police}; about the ward's own leaders, write to the provincial People's Committee.",
            place=_where(turn), days=_when(turn), police=turn.ward.ward.emergency.police,
        )
    )  # fmt: skip
    turn.say(
        _("If you only want to report a matter, please write it again without accusing anybody by name."),
        main_menu(turn.language),
    )


def _where(turn: Turn) -> str:
    ward = turn.ward.ward
    return f"{ward.reception.name}, {ward.address}" if ward.address else f"{ward.reception.name}, {ward.name}"


def _when(turn: Turn) -> str:
    days = turn.ward.ward.reception_weekdays
    if not days:
        return ""
    return turn._(" (the chairman receives people on {days})", days=weekdays(days, turn.language))
