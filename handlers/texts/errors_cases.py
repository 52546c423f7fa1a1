"""Why something cannot be done with a case, an invite or a group: one sentence each, saying what to do next."""

from collections.abc import Mapping
from datetime import datetime

from handlers.i18n import N_, translator
from handlers.texts.formats import act_name, instant, status_name

SENTENCES: dict[str, str] = {
    # --- cases
    "desk_case_unknown": N_("The ward has no case {code}. Please check the code, or send /viec to see the open ones."),
    "desk_code_missing": N_("Please add the case code, for example PA-26-00012, or reply to its card."),
    "no_desk": N_("Your role handles no cases. Send /trogiup to see what you can do."),
    "not_your_group": N_("This is another unit's group. Please send me {command} in our private chat."),
    "not_this_kind": N_("I cannot pass that kind of message on. Please write it in words, or send photos or files."),
    "not_your_unit": N_(
        "{code} is with {unit}; only that unit, the reception desk and the leader may act on it. "
        "Please ask a colleague there."
    ),
    "case_passed_on": N_("{code}: {who} passed it to {unit} at {at}. It is now theirs to answer."),
    "case_changed": N_("{code} has just been changed by somebody else. Please try once more."),
    "case_changed_by": N_("{code}: {who} was faster ({act}, {at}). Send /xem {code} to see it, then go on if needed."),
    "already_yours": N_("You have taken {code} up already. Send /traloi {code} to answer it."),
    "act_not_possible": N_("{code} is in the state “{status}”, so this cannot be done now."),
    "unit_unknown": N_("There is no unit “{unit}” in this ward. Send /chuyen with the case code alone to choose one."),
    "same_unit": N_("{code} is with {unit} already. Please choose another unit."),
    "reason_missing": N_("Please say why {code} is passed on; the resident and the other unit read it."),
    "question_empty": N_("Please write what {code} still lacks; the resident reads it."),
    "answer_empty": N_("Please write an answer for {code}; the resident reads it."),
    "note_empty": N_("Please write the note for {code}, for example: /ghichu {code} called the electricity company."),
    "case_not_in_this_group": N_("{code} is not this group's. Please send /xem {code} to me in our private chat."),
    "desk_not_here": N_("Please use this in your unit's group or in our private chat."),
    "desk_list_unknown": N_("I do not know that list. Send /viec mo, /viec cuatoi, /viec denhan or /viec quahan."),
    "answer_text_too_long": N_(
        "That is {length} characters; an answer may have {limit}. Your text is above: please send me a shorter one, "
        "or answer in two parts."
    ),
    "text_for_case_too_long": N_(
        "That is {length} characters; I can take {limit}. Your text is above: please copy it and send it shorter."
    ),
    # --- invites and groups
    "invite_missing": N_("Please add the code you were given, for example: /thamgia ABCDE23456."),
    "invite_unknown": N_("I do not know this code. Please check it letter by letter, or ask for a new one."),
    "invite_used": N_("This code has been used already; each works once. Please ask your administrator for a new one."),
    "invite_used_by_you": N_("You have joined with this code already; nothing more is needed. Send /viec to begin."),
    "invite_expired": N_("This code has expired. Please ask your administrator for a new one."),
    "invite_too_many_tries": N_(
        "Too many tries in an hour. Please wait until the next hour and check the code with your administrator."
    ),
    "invite_for_group": N_(
        "This code is for a group. Add me to the group, then one of its administrators sends the same line there: "
        "/thamgia CODE."
    ),
    "invite_for_person": N_(
        "This code is for one person, not for a group. Please send it to me in a private chat soon; it still works."
    ),
    "invite_other_ward": N_("This code is another ward's. Please ask for a code of the ward you use here."),
    "group_admin_only": N_("Only an administrator of this group may bind it. Please ask one of them to send the code."),
    "unit_missing": N_("A unit's group needs the unit: please make the invite again with --unit."),
}  # fmt: skip

Values = Mapping[str, str | int]


def readable(params: Values, language: str, timezone: str) -> dict[str, str | int]:
    """A refusal's values as people read them: acts and states by name, instants by the ward's clock.

    Whoever has no name is the resident, who is never named.
    """
    shown = dict(params)
    if "act" in shown:
        shown["act"] = act_name(str(shown["act"]), language)
    if "status" in shown:
        shown["status"] = status_name(str(shown["status"]), language)
    if "at" in shown:
        shown["at"] = instant(datetime.fromisoformat(str(shown["at"])), timezone, language)
    if "who" in shown:
        _ = translator(language)
        shown["who"] = shown["who"] or _("the resident")
    return shown
