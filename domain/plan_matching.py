"""Which document a corrected one corrects, and which of its items was which; so that nothing is published twice."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from domain.texts import fold, similarity

TITLE_ALIKE = 0.85
ISSUER_ALIKE = 0.8
SAME_PLACE_ALIKE = 0.5  # an item under the same heading may have been reworded a good deal
MOVED_ALIKE = 0.8
SPELLING = 0.2  # the share of words that may differ by a letter only


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentIdentity:
    """What tells documents apart; what is not printed is None. `year` is the plan's."""

    number: str | None
    issuer: str | None
    title: str | None
    year: int | None
    source_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemKey:
    """Where an item stands and what it is called."""

    heading: str
    title: str


def same_document(one: DocumentIdentity, other: DocumentIdentity) -> bool:
    """Whether both are the same document, one perhaps corrected.

    Two printed numbers decide; without one, title, issuer and year do; without a title, the file's name. Numbers
    begin anew every year, so the year counts always.
    """
    if one.year is not None and other.year is not None and one.year != other.year:
        return False
    if not _alike(one.issuer, other.issuer, ISSUER_ALIKE):
        return False
    if one.number and other.number:
        return _number(one.number) == _number(other.number)
    if one.title and other.title:
        return similarity(one.title, other.title) >= TITLE_ALIKE
    return bool(one.source_name) and one.source_name == other.source_name


def _number(number: str) -> str:
    """ "05/KH-UBND" and "5/KH - UBND" are one number."""
    return "".join(fold(number).split()).lstrip("0")


def _alike(one: str | None, other: str | None, floor: float) -> bool:
    return one is None or other is None or similarity(one, other) >= floor


def pair_items(old: Sequence[ItemKey], new: Sequence[ItemKey]) -> dict[int, int]:
    """For each new item (by its place in `new`) the old one it corrects (by its place in `old`), each at most once.

    The same heading and title first, then the same title elsewhere, then a reworded title under the same heading,
    then a title much alike that has moved.
    """
    pairs: dict[int, int] = {}
    _pair(pairs, old, new, lambda key: (key.heading, fold(key.title)))
    _pair(pairs, old, new, lambda key: fold(key.title))
    for floor, same_heading in ((SAME_PLACE_ALIKE, True), (MOVED_ALIKE, False)):
        candidates = sorted(_alike_pairs(pairs, old, new, floor, same_heading=same_heading), reverse=True)
        for _likeness, at, before in candidates:
            if at not in pairs and before not in pairs.values():
                pairs[at] = before
    return pairs


def _pair(
    pairs: dict[int, int], old: Sequence[ItemKey], new: Sequence[ItemKey], key: Callable[[ItemKey], object]
) -> None:
    taken = set(pairs.values())
    free: dict[object, list[int]] = {}
    for before, item in enumerate(old):
        if before not in taken:
            free.setdefault(key(item), []).append(before)
    for at, item in enumerate(new):
        waiting = free.get(key(item))
        if at not in pairs and waiting:
            pairs[at] = waiting.pop(0)


def _alike_pairs(
    pairs: dict[int, int], old: Sequence[ItemKey], new: Sequence[ItemKey], floor: float, *, same_heading: bool
) -> Iterable[tuple[float, int, int]]:
    taken = set(pairs.values())
    waiting = [(before, known, _words(known.title)) for before, known in enumerate(old) if before not in taken]
    for at, item in enumerate(new):
        if at in pairs:
            continue
        words = _words(item.title)
        for before, known, known_words in waiting:
            if same_heading and known.heading != item.heading:
                continue
            if not _share_words(words, known_words, floor):
                continue
            if (likeness := similarity(known.title, item.title)) >= floor:
                yield likeness, at, before


def _words(title: str) -> frozenset[str]:
    return frozenset(fold(title).split())


def _share_words(one: frozenset[str], other: frozenset[str], floor: float) -> bool:
    """Whether two titles have words enough in common to be worth comparing letter by letter."""
    return len(one & other) >= (floor - SPELLING) * max(len(one), len(other))
