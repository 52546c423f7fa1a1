"""The questions of a report: what is asked, in which words, with which choices."""

from actions.submit_case import other_category
from domain.texts import shorten
from handlers.context import Turn
from handlers.engine.form import CANCEL, Data, Question
from handlers.engine.reply import Choice
from handlers.resident import not_by_chat
from handlers.texts.files import files_line, in_recording
from handlers.texts.formats import place_line

PREVIEW_MAX_CHARS = 600
MATTER, COMPLAINS, DENOUNCES = "matter", "complains", "denounces"


def text(turn: Turn, data: Data) -> Question:
    _ = turn._
    if data.get("attachments") or data.get("lat"):
        return Question(
            text=_("I have it. Please tell me in a few words what this is about; you may also send a recording."),
            choices=_giving_up(turn),
        )
    return Question(
        text=_(
            "What would you like to tell the ward? Please write it in your own words, or say it in a recording; you "
            "may add photos, videos and the place."
        ),
        choices=_giving_up(turn),
    )


def law(turn: Turn, data: Data) -> Question:
    _ = turn._
    return Question(
        text=not_by_chat.complaint(turn),
        choices=(
            Choice(id="as_report", label=_("Send it as an ordinary report"), also=("phản ánh", "vẫn gửi", "gửi")),
            Choice(id=CANCEL, label=_("Do not send"), also=("không gửi", "huỷ", "thôi")),
        ),
    )


def edit(turn: Turn, data: Data) -> Question:
    _ = turn._
    return Question(
        text=_("What shall I change?"),
        choices=(
            Choice(id="text", label=_("The words"), also=("nội dung",)),
            Choice(id="category", label=_("The subject"), also=("lĩnh vực",)),
            Choice(id="more", label=_("The place or photos"), also=("địa điểm", "ảnh", "vị trí")),
            Choice(id="back", label=_("Nothing, go back"), also=("quay lại", "không")),
        ),
    )


def about(turn: Turn, data: Data) -> Question:
    """What a recording is about; above all whether it is what the law does not let be filed by chat."""
    _ = turn._
    text = _(
        "🎤 I have your recording; an official will listen to it. What is it? Please press one, or write a few words."
    )
    choices = (
        Choice(id=MATTER, label=_("A report or a proposal"), also=("phản ánh", "kiến nghị", "gửi", "khác")),
        Choice(id="category", label=_("Choose a subject"), also=("lĩnh vực",)),
        Choice(id=COMPLAINS, label=_("Against a decision (khiếu nại)"), also=("khiếu nại",)),
        Choice(id=DENOUNCES, label=_("Denouncing somebody (tố cáo)"), also=("tố cáo",)),
    )
    return Question(text=text, choices=(*choices, *_giving_up(turn)))


def category(turn: Turn, data: Data) -> Question:
    english = turn.language == "en"
    choices = tuple(
        Choice(id=one.code, label=one.name_en if english else one.name_vi) for one in turn.ward.ward.categories
    )
    return Question(text=turn._("Which subject is it?"), choices=choices)


def more(turn: Turn, data: Data) -> Question:
    _ = turn._
    return Question(
        text=_(
            "Please send photos, a video, your location, or type the address (for example: in front of 12 Lê Lợi "
            "Street)."
        ),
        choices=(Choice(id="back", label=_("Go back"), also=("quay lại", "xong", "thôi")),),
    )


def sending(turn: Turn, data: Data) -> Question:
    _ = turn._
    return Question(
        text=_card(turn, data),
        choices=(
            Choice(
                id="send",
                label=_("Send"),
                also=("gửi", "gửi đi", "gởi", "ok", "oke", "đồng ý", "có", "yes", "đúng", "đúng rồi"),
            ),
            Choice(id="edit", label=_("Change"), also=("sửa", "sửa lại", "edit")),
            Choice(
                id="more", label=_("Add photos or place"), also=("thêm", "thêm ảnh", "thêm vị trí", "ảnh", "vị trí")
            ),
            Choice(id=CANCEL, label=_("Give up"), also=("huỷ", "hủy", "huỷ bỏ", "thôi", "không gửi", "không")),
        ),
    )


def _card(turn: Turn, data: Data) -> str:
    """The one summary card before sending."""
    _ = turn._
    code = data.get("category") or other_category(turn.ward)
    unit = turn.ward.ward.unit_for(code).name
    files = files_line(turn.gists(data.get("attachments", ())), turn.language)
    words = shorten(data["text"], PREVIEW_MAX_CHARS) if data.get("text") else in_recording(turn.language)
    where = place_line(data.get("place", ""), data.get("lat"), data.get("lon"), turn.language)
    lines = [
        _("Please check before sending:"),
        f"📝 {words}",
        _("📂 Subject: {category}", category=turn.ward.category_name(turn.ward.category_ids[code], turn.language)),
        _("📍 Place: {place}", place=where or _("not given yet")),
        *([files] if files else []),
        _("🏢 Goes to: {unit}", unit=unit),
    ]
    return "\n".join(lines)


def _giving_up(turn: Turn) -> tuple[Choice, ...]:
    return (Choice(id=CANCEL, label=turn._("Give up"), also=("huỷ", "hủy", "thôi")),)
