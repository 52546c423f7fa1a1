"""Votes of single words and pairs: what the ward's phrases tell about messages in which none of them occurs whole."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt

from domain.routing_words import Reading, Word, read
from domain.ward import Category

WORD_VOTE = 1.1
PAIR_VOTE = 0.5
HINT_SHARE = 0.7  # a hint counts so much of a phrase that points by itself
PAIR_SHARE = 1.5
# Grammar, kinship and counting: in every phrase, telling nothing.
_PLAIN = frozenset(
    word
    for text in (
        "không có của trong được bị là và thì mà ở đi ra vô vào lên xuống cho với tới đến từ này đó ai gì sao chưa đã",
        "cái những các ngày giờ năm tháng tôi em tui nhà phường một hai ba bà ông con cháu người dân làm quá như",
        "hay để nên đang sẽ rồi lại cũng nữa khi lúc sau trước trên dưới ngoài mấy nhiều ít hoài luôn mới vẫn còn",
        "hết nào đâu vậy ạ anh chị chú bác cô mình chúng xin giúp nhờ mong đề nghị kiến phải cần muốn biết thấy",
        "nói kêu hỏi do vì nếu",
    )
    for word in read(text).words
)
_PLAIN_BARE = frozenset(word.bare for word in _PLAIN)

Votes = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class VoteTable:
    """Feature (a word, or two with a blank) → category → vote, for writers with and without marks."""

    marked: Votes
    bare: Votes

    def count(self, reading: Reading, covered: frozenset[int]) -> dict[str, float]:
        """The votes of the words not covered by a phrase, by category; each feature votes once."""
        table = self.marked if reading.accented else self.bare
        scores: defaultdict[str, float] = defaultdict(float)
        for feature, vote in dict(_features(reading, covered)).items():
            for code, share in table.get(feature, {}).items():
                scores[code] += vote * share
        return scores


def vote_table(categories: Iterable[Category]) -> VoteTable:
    """The votes taught by the phrases of the categories; a word many categories use tells little of each."""
    listed = tuple(categories)
    return VoteTable(marked=_votes(listed, marked=True), bare=_votes(listed, marked=False))


def _votes(categories: tuple[Category, ...], *, marked: bool) -> Votes:
    counts: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for category in categories:
        for phrase, share in _shares(category):
            words = [_spelling(word, marked=marked) for word in read(phrase).words]
            for word in words:
                counts[word][category.code] += share
            for pair in pairwise(words):
                counts[" ".join(pair)][category.code] += share * PAIR_SHARE
    # A category of many phrases must not win by their number: counts are damped, and set against its own size.
    sizes = {category.code: sqrt(max(1, len(category.words))) for category in categories}
    return {feature: _shared_out(found, sizes) for feature, found in counts.items()}


def _shares(category: Category) -> Iterator[tuple[str, float]]:
    yield from ((phrase, 1.0) for phrase in category.words)
    yield from ((phrase, HINT_SHARE) for phrase in category.hints)


def _shared_out(found: Mapping[str, float], sizes: Mapping[str, float]) -> dict[str, float]:
    damped = {code: sqrt(count) / sizes[code] for code, count in found.items()}
    rarity = 1.0 - log(len(found)) / log(max(2, len(sizes)))
    total = sum(damped.values())
    return {code: weight / total * rarity for code, weight in damped.items()}


def _features(reading: Reading, covered: frozenset[int]) -> Iterator[tuple[str, float]]:
    words = [_spelling(word, marked=reading.accented) for word in reading.words]
    for place, word in enumerate(reading.words):
        plain = word in _PLAIN if reading.accented else word.bare in _PLAIN_BARE
        if place not in covered and not plain and not word.bare.isdigit():
            yield words[place], WORD_VOTE
    for place, pair in enumerate(pairwise(words)):
        if not {place, place + 1} <= covered:
            yield " ".join(pair), PAIR_VOTE


def _spelling(word: Word, *, marked: bool) -> str:
    return word.marked if marked else word.bare
