"""Why something cannot be done with a dialogue session or a digest: one sentence each, saying what to do next."""

from handlers.i18n import N_

SENTENCES: dict[str, str] = {
    "dialogue_not_yours": N_(
        "Sessions are announced by reception, the editor, the leader or the administrator. Please ask one of them."
    ),
    "dialogue_unknown": N_("There is no dialogue session {number}. Send /doithoai to see the next one."),
    "dialogue_closed": N_(
        "“{title}” takes no more questions. Send /doithoai to see the next session, or /phananh to write to the ward."
    ),
    "dialogue_questions_enough": N_(
        "You have sent this session {limit} questions, which is the most for one person. Send /hoso to see them; "
        "for anything else send /phananh."
    ),
    "dialogue_not_open": N_("“{title}” has begun or was cancelled, so it cannot be cancelled now."),
    "dialogue_reason_missing": N_("Please say why it is cancelled; people read it."),
    "dialogue_past": N_("That time is over. Please write a day and an hour to come."),
    "dialogue_far": N_("That is more than {days} days ahead. Please check the year."),
    "dialogue_twice": N_("“{title}” is announced for that very hour. Send /doithoai_moi to see it or to cancel it."),
    "dialogue_short_notice": N_(
        "That is {days} days from today; the law asks for at least {least} (Law 72/2025/QH15, Article 43). "
        "Send /doithoai_moi to announce another day, or to confirm this one."
    ),
    "digest_not_yours": N_(
        "The digest is shown to the editor, the leader and the administrator. Please ask one of them."
    ),
}
