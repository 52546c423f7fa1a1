"""Refusals in words: one sentence for each code, saying what to do next."""

from domain.errors import DomainError
from handlers.i18n import N_, translator
from handlers.texts import errors_cases, errors_dialogues, errors_plans, linking

SENTENCES = {
    "officials_only": N_(
        "This is for ward officials. If you are one, ask your administrator for an invite code, "
        "then send /thamgia CODE."
    ),
    "command_unknown": N_("I do not know {command}. Send /trogiup to see what I can do, or simply write to me."),
    "command_private": N_("Please send {command} to me in our private chat, not in the group."),
    "code_missing": N_("Please add the case code, for example PA-26-00012. Send /hoso to see your codes."),
    "case_unknown": N_("I find no case {code} of yours. Please check the code, or send /hoso to see your cases."),
    "not_by_chat": N_("The law does not let this be filed by chat. Please come to the ward office."),
    "text_too_long": N_("That is {length} characters; I can take {limit} at a time. Please send it in two messages."),
    "already_reopened": N_(
        "{code} has been reopened once already. Please ask for it at the next dialogue (/doithoai), or report anew."
    ),
    "official_unknown": N_("Nobody in office has the number {number}. See: danban official list"),
    "no_link_for": N_("{payload} cannot stand in a link: codes of letters, digits, - and _ can."),
    "nothing_to_cancel": N_("There is nothing to give up just now."),
    "unit_has_open_cases": N_("{unit} still has {count} open cases: {codes}. Close or pass them on first."),
    "rating_out_of_range": N_("Please choose a number from 1 to {steps}."),
} | errors_cases.SENTENCES | errors_dialogues.SENTENCES | errors_plans.SENTENCES | linking.SENTENCES  # fmt: skip

UNEXPECTED = N_("I could not do that ({code}). Please send /trogiup, or try again in a little while.")


def refusal(error: DomainError, language: str, timezone: str) -> str:
    """The sentence for a refusal, in the person's language."""
    _ = translator(language)
    worded = SENTENCES.get(error.code)
    if worded is None:
        return _(UNEXPECTED, code=error.code)
    return _(worded, **_readable(error, language, timezone))


def _readable(error: DomainError, language: str, timezone: str) -> dict[str, str | int]:
    """The values of a refusal as people read them: acts and statuses by name, instants by the ward's clock."""
    return errors_cases.readable(error.params, language, timezone)
