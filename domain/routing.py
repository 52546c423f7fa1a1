"""Whose case is it: the category a message most likely belongs to, by the words the ward gave its categories."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import log2

from domain.routing_votes import VoteTable, vote_table
from domain.routing_words import Found, PhraseBook, Reading, read, spelled, weigh
from domain.ward import Category

# The longer a phrase, the surer: one word is easily another's, four are nobody else's.
WORD_WEIGHTS = {1: 1.0, 2: 1.7, 3: 2.3, 4: 2.8}
HINT_WEIGHTS = {1: 0.4, 2: 0.8}
# A phrase many other phrases of its category are made of ("bồi thường") is what the category is about.
CORE_BONUS = 0.25
# What is told first is what it is about; what comes after explains, compares, or complains of the answer.
FIRST_WORDS_BONUS = 0.6
# Under this nothing is guessed: one hint is no reason.
SCORE_MIN = 0.25
SURE_SCORE = 3.0
# Single words that without marks are mostly another, common word: chó/cho, đèn/đến, chùa/chưa, ồn/ơn …
UNCLEAR_BARE = spelled(
    """
    cho den chua dinh quy on bo de dam am lang mieu heo vit de dau ho cau con cay dat ban gia hang hoi le
    nuoi to ban tam te son ca nha ma la di ra xe dung thu dong do nghe ngu tham nghia ranh trau lon doi thue
    gian dinh ngua tran cum soi thai ruong sang toi bong co ao ga an mua the
    """
)
# A landmark after one of these only says where: it keeps this share of its weight.
PLACE_TRUST = 0.3
WHERE = spelled(
    """
    truoc sau gan canh ben o dau cuoi ngay tai qua doi sat cong tren toi tu giua ngoai
    """
)
LANDMARKS = spelled(
    """
    truong tieu mam thcs thpt cho cau chua dinh den cong nha tram benh kenh muong nghia ben cay quan duong
    hem mieu lop
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """The likeliest category (None when nothing points anywhere), how sure (0.0 to 1.0) and the second likeliest."""

    category_code: str | None
    confidence: float
    runner_up: str | None


NO_GUESS = Guess(category_code=None, confidence=0.0, runner_up=None)


def guess_category(text: str, categories: Iterable[Category]) -> Guess:
    """The category whose words the message uses most and most clearly, typed with or without diacritics.

    Pure: the same text and categories give the same guess; ties go to the category the ward lists first.
    """
    listed = tuple(categories)
    scores = _scores(read(text), _book_of(listed))
    order = [category.code for category in listed if category.code in scores]
    ranked = sorted(order, key=lambda code: -scores[code])  # stable: a tie keeps the ward's order
    if not ranked or scores[ranked[0]] < SCORE_MIN:
        return NO_GUESS
    best, second = scores[ranked[0]], scores[ranked[1]] if len(ranked) > 1 else 0.0
    return Guess(
        category_code=ranked[0],
        confidence=round(min(1.0, best / SURE_SCORE) * best / (best + second), 3),
        runner_up=ranked[1] if len(ranked) > 1 else None,
    )


@dataclass(frozen=True, slots=True)
class _Book:
    phrases: PhraseBook
    pointing: dict[str, tuple[tuple[str, float], ...]]  # phrase → (category, weight)
    votes: VoteTable


@lru_cache(maxsize=32)
def _book_of(categories: tuple[Category, ...]) -> _Book:
    pointing: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    within = _phrases_within(categories)
    for category in categories:
        for phrase in dict.fromkeys(category.words):
            core = 1.0 + CORE_BONUS * _core(phrase, category.code, within)
            pointing[phrase].append((category.code, weigh(phrase, WORD_WEIGHTS) * core))
        for phrase in dict.fromkeys(category.hints):
            pointing[phrase].append((category.code, weigh(phrase, HINT_WEIGHTS)))
    weighted = {phrase: tuple(codes) for phrase, codes in pointing.items()}
    return _Book(PhraseBook(pointing), weighted, vote_table(categories))


def _phrases_within(categories: tuple[Category, ...]) -> dict[str, Counter[str]]:
    """Run of words → category → in how many of its phrases it stands."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for category in categories:
        for phrase in category.words:
            words = phrase.lower().split()
            runs = {" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
            for run in runs:
                counts[run][category.code] += 1
    return counts


def _core(phrase: str, code: str, within: dict[str, Counter[str]]) -> float:
    """How central a phrase is: it stands in many phrases of its category and in few of others."""
    counts = within[phrase.lower()]
    return counts[code] / counts.total() * log2(counts[code])


def _scores(reading: Reading, book: _Book) -> dict[str, float]:
    scores: defaultdict[str, float] = defaultdict(float)
    covered: set[int] = set()
    for found in _outermost(list(book.phrases.find(reading))):
        trust = _trust(found, reading)
        for code, weight in book.pointing[found.phrase]:
            scores[code] += weight * trust
        if found.end - found.start > 1:
            covered.update(range(found.start, found.end))
    for code, votes in book.votes.count(reading, frozenset(covered)).items():
        scores[code] += votes
    return dict(scores)


def _trust(found: Found, reading: Reading) -> float:
    """How much a find counts: less when its marks differ or are missing where they matter, more early on."""
    trust = found.likeness
    if not reading.accented and found.end - found.start == 1:
        trust *= 0.0 if reading.words[found.start].bare in UNCLEAR_BARE else 0.8
    if _only_says_where(found, reading):
        trust *= PLACE_TRUST
    return trust * (1.0 + FIRST_WORDS_BONUS * (1.0 - found.start / len(reading.words)))


def _only_says_where(found: Found, reading: Reading) -> bool:
    """Whether the find is a landmark told for its place: "rác trước cổng trường", "sau chợ"."""
    if reading.words[found.start].bare not in LANDMARKS:
        return False
    before = reading.words[max(0, found.start - 2) : found.start]
    return any(word.bare in WHERE for word in before)


def _outermost(finds: list[Found]) -> list[Found]:
    """The finds that do not lie inside a longer one, each phrase once: "đèn đỏ" silences "đèn".

    A find whose marks differ silences only its like. Linear: every find marks its own few words.
    """
    reach: defaultdict[int, int] = defaultdict(int)  # word → where the longest sure find over it ends
    unsure_reach: defaultdict[int, int] = defaultdict(int)
    kept: dict[str, Found] = {}
    for found in sorted(finds, key=lambda found: (found.start - found.end, found.start)):
        sure = found.likeness == 1.0
        silent = reach[found.start] >= found.end or (not sure and unsure_reach[found.start] >= found.end)
        if not silent:
            kept.setdefault(found.phrase, found)
        for place in range(found.start, found.end):
            marks = reach if sure else unsure_reach
            marks[place] = max(marks[place], found.end)
    return list(kept.values())
