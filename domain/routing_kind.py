"""What the law calls a message: report, petition, question, complaint or denunciation, and by which of its words."""

import re
from dataclasses import dataclass

from domain.case import CaseKind
from domain.routing_kind_words import (
    ACCUSING,
    AGAINST_DECISION,
    ASKING,
    ASKING_WORDS,
    COMPLAINING,
    CRIMES,
    DECISIONS,
    GRIEVANCES,
    HANDLING,
    IMPROVING,
    NUISANCES,
    OFFICIALS,
    REQUESTING,
    RHETORICAL,
    SELF_DEALING,
    WANTING_TO_KNOW_HOW,
)
from domain.routing_person import names_person
from domain.routing_words import PhraseBook, Reading, read

REQUEST_REACH = 9  # words after "đề nghị" within which stands what is asked for
BARE_COMPLAINT_MAX_WORDS = 8  # "tôi muốn khiếu nại" and no more: the person must be told how it is done
OPENING_WORDS_MAX = 7  # who asks may be said before "đề nghị": "cử tri tổ 5 phường ta"

# "đòi tôi chung 20 triệu", "vòi dân 300 ngàn", "bắt tôi đưa thêm 5 triệu"
_MONEY_DEMANDED = re.compile(
    r" (?:doi|voi|goi y|bat|ep)(?: \w+){0,3} (?:chung|dua|chi|lot|boi duong|lai qua|nop rieng)(?: \w+){0,2} \d+"
    r"| (?:doi|voi|goi y)(?: \w+){0,2} \d+ (?:trieu|tr|ngan|nghin|cu|chai|k)\b"
    r"| (?:nhan|lay|an|giu) (?:cua|tien cua|cua dan|tien dan)(?: \w+){0,3} \d+"
)
_SENTENCE_END = re.compile(r"[.!?\n]+")
_LAST_SENTENCE_ASKS = re.compile(r"\?\s*[)\"'”»\s]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class KindGuess:
    """The kind of a message and the phrases that decided, as the rules spell them."""

    kind: CaseKind
    reasons: tuple[str, ...]


def guess_kind(text: str) -> KindGuess:
    """What kind of submission a message is (LAW.md 2.1), typed with or without diacritics.

    Denunciation comes before complaint, complaint before question: to miss a denunciation would put its
    words in an ordinary case, a false alarm costs one tap. A colloquial "khiếu nại" without a decision or
    act of the administration on one's own right is a report, so is anger at noise or a neighbour.
    """
    reading = read(text)
    for kind, reasons in (
        (CaseKind.DENUNCIATION, _denunciation(text, reading)),
        (CaseKind.COMPLAINT, _complaint(text, reading)),
        (CaseKind.QUESTION, _question(text, reading)),
        (CaseKind.PETITION, _petition(reading)),
    ):
        if reasons:
            return KindGuess(kind=kind, reasons=reasons)
    return KindGuess(kind=CaseKind.REPORT, reasons=())


def _denunciation(text: str, reading: Reading) -> tuple[str, ...]:
    accused = ACCUSING.phrases(reading)
    self_dealing = SELF_DEALING.phrases(reading) + _money_demanded(reading)
    crimes = CRIMES.phrases(reading)
    officials = OFFICIALS.phrases(reading)
    if accused and WANTING_TO_KNOW_HOW.first(reading) and not self_dealing:
        return ()
    if accused and not (NUISANCES.first(reading) and not self_dealing and not crimes and not officials):
        return accused + self_dealing + crimes
    if self_dealing and (officials or names_person(text)):
        return self_dealing + officials
    return crimes if crimes and names_person(text) else ()


def _money_demanded(reading: Reading) -> tuple[str, ...]:
    return tuple(found.group().strip() for found in _MONEY_DEMANDED.finditer(reading.bare))


def _complaint(text: str, reading: Reading) -> tuple[str, ...]:
    complaining = COMPLAINING.phrases(reading)
    decisions = DECISIONS.phrases(reading)
    if complaining and not WANTING_TO_KNOW_HOW.first(reading):
        if decisions:
            return complaining + decisions
        if len(reading.words) <= BARE_COMPLAINT_MAX_WORDS and not NUISANCES.first(reading):
            return complaining
    return AGAINST_DECISION.phrases(reading) if not _question(text, reading) else ()


def _question(text: str, reading: Reading) -> tuple[str, ...]:
    asking = ASKING.phrases(reading)
    asked_at_the_end = bool(_LAST_SENTENCE_ASKS.search(text))
    if asked_at_the_end and not asking:
        asking = ASKING_WORDS.phrases(_last_sentence(text))
    if not asking or (_opens_with_request(reading) and not asked_at_the_end):
        return ()
    weight = len(asking) + 2 * asked_at_the_end
    against = len(GRIEVANCES.phrases(reading)) + 3 * len(RHETORICAL.phrases(reading))
    return asking if weight > against else ()


def _last_sentence(text: str) -> Reading:
    sentences = [part for part in _SENTENCE_END.split(text) if part.strip()]
    return read(sentences[-1] if sentences else "")


def _petition(reading: Reading) -> tuple[str, ...]:
    opening = _opens_with_request(reading)
    if opening:
        return opening
    for request in REQUESTING.find(reading):
        if request.phrase == "kiến nghị":
            return (request.phrase,)
        rest = Reading(words=reading.words[request.end : request.end + REQUEST_REACH], accented=reading.accented)
        improving, handling = IMPROVING.first(rest), HANDLING.first(rest)
        if improving and (handling is None or improving.start <= handling.start):
            return (request.phrase, improving.phrase)
    return ()


def _opens_with_request(reading: Reading) -> tuple[str, ...]:
    """The request verb when the message begins with it, save for who asks ("Cử tri tổ 5 đề nghị …")."""
    first = REQUESTING.first(reading)
    if first is None or first.start > OPENING_WORDS_MAX or first.phrase == "nhờ":
        return ()
    before = Reading(words=reading.words[: first.start], accented=reading.accented)
    covered = sum(found.end - found.start for found in _WHO_ASKS.find(before))
    return (first.phrase,) if covered >= first.start else ()


_WHO_ASKS = PhraseBook(
    (
        "cử tri", "bà con", "chúng tôi", "chúng em", "tụi tui", "tụi em", "tôi", "tui", "em", "con", "cháu", "mình",
        "gia đình tôi", "gia đình", "người dân", "nhân dân", "dân", "hộ dân", "các hộ", "tổ", "khu phố", "thôn", "xóm",
        "phường", "kính", "kính gửi", "dạ", "thưa", "xin", "rất", "cũng", "có", "ủy ban", "ubnd", "lãnh đạo", "ạ", "ơi",
        "anh chị", "quý", "cơ quan", "trong", "ở", "của", "nay", "và", "toàn thể", "một số", "nhiều", "hẻm", "kiệt",
        "đường",
        *(str(number) for number in range(1, 100)),
    )
)  # fmt: skip
