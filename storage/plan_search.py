"""Looking published plan items up by their words, without diacritics, those named in the title first."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import case, literal, or_

from storage.database import Transaction
from storage.plan_tables import plan_item
from storage.plans import StoredItem, nearest_first, page, published_items

TITLE_POINTS, TEXT_POINTS, PHRASE_POINTS = 3, 1, 4


async def search(
    tx: Transaction, ward_id: int, words: Sequence[str], *, today: date, limit: int, offset: int = 0
) -> tuple[list[StoredItem], int, bool]:
    """The published items with all of these words, those in the title first; how many in all; and whether all were met.

    `words` come from domain.plans.search_words. When no item has them all, the items with the most of them.
    """
    score = sum((_score(word) for word in words), start=_phrase(words))
    has_all = [_has(plan_item.c.title_words, word) | _has(plan_item.c.text_words, word) for word in words]
    order = (score.desc(), *nearest_first(ward_id, today))
    found, total = await page(tx, published_items(ward_id).where(*has_all).order_by(*order), limit, offset)
    if total:
        return found, total, True
    # One word alone says little ("den" is đèn, đến and đền): elsewhere than in a title it is the last resort.
    in_title = or_(*(_has(plan_item.c.title_words, word) for word in words))
    for near in (in_title, score > 0):
        found, total = await page(tx, published_items(ward_id).where(near).order_by(*order), limit, offset)
        if total:
            break
    return found, total, False


def _has(column: Any, word: str) -> Any:
    return column.contains(f" {word} ", autoescape=True)


def _score(word: str) -> Any:
    return case(
        (_has(plan_item.c.title_words, word), TITLE_POINTS), (_has(plan_item.c.text_words, word), TEXT_POINTS), else_=0
    )


def _phrase(words: Sequence[str]) -> Any:
    """The words side by side in the title are worth more than scattered."""
    return (
        case((_has(plan_item.c.title_words, " ".join(words)), PHRASE_POINTS), else_=0) if len(words) > 1 else literal(0)
    )
