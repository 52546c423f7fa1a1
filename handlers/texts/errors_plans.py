"""Why a plan cannot be read, imported, published or commented: one sentence each, saying what to do next."""

from handlers.i18n import N_

SENTENCES: dict[str, str] = {
    # --- items
    "plan_item_unknown": N_("I find no plan item {item}. Send /kehoach to see those that are published."),
    "plan_item_changed": N_("{item} has just been changed by somebody else. Please open it again with /congkhai."),
    "opinion_empty": N_("Please write your opinion on {item} in a few words."),
    # --- the editor's desk
    "may_not_publish": N_("Only an editor, a leader or an administrator may publish. Please ask one of them."),
    "plan_item_not_published": N_("{item} is not published, so there is nothing to take back."),
    "withdraw_reason_missing": N_("Please say why: /congkhai go {item} followed by the reason."),
    "drafts_changed": N_("The drafts have changed meanwhile, so nothing was published. Please look again: /congkhai."),
    "no_correction": N_("There is no correction of {item} to decide on. Send /congkhai sua to see what is open."),
    "correction_changed": N_("A newer correction of {item} has come in. Please look again: /congkhai sua {item}."),
    "plan_unit_unknown": N_("There is no unit “{unit}” in this ward. The units are: {units}."),
    "plan_numbers_unreadable": N_("I could not read which items you mean. Please write it so: /congkhai ok 12,14-18"),
    # --- reading a file
    "plan_without_items": N_(
        "No task was found in this document, so nothing was stored. Please check that it is the plan itself."
    ),
    "plan_missing": N_("The file {name} cannot be opened. Please check its name and folder."),
    "plan_empty": N_("The file is empty. Please choose the file that holds the plan."),
    "plan_too_large": N_("The file is too large for a plan. Please choose the plan alone, without its annexes."),
    "plan_encrypted": N_("The file is locked with a password. Please remove the password and import it again."),
    "plan_scanned": N_(
        "The file holds pictures of pages and no text. Please import the Word file, or a PDF with text, instead."
    ),
    "plan_damaged": N_("The file is damaged and cannot be read. Please open it in Word and save it again as .docx."),
    "plan_unknown_format": N_(
        "This kind of file cannot be read. Please save the plan as .docx, .pdf with text, .txt or .md."
    ),
    "plan_not_vietnamese": N_("The text is not in Vietnamese. Please choose the ward's plan in Vietnamese."),
    "plan_without_diacritics": N_(
        "The text has no Vietnamese accents, so units and days cannot be told apart. Please use the original file."
    ),
    "plan_not_a_plan": N_(
        "This does not look like a plan of an office (no headings, no numbered tasks). Please choose the plan itself."
    ),
}  # fmt: skip
