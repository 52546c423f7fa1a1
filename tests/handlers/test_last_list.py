"""A number or a label answers the list a person sees last, whatever asked for it; a number of no list is explained."""

import random
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.people import Role
from domain.texts import fold
from handlers.engine.menu import plain
from storage.database import Database
from tests.handlers.driver import Message, Talk

ANSWERED = "Đã thay bóng đèn chiều nay"


async def answered(talk: Talk, who: str = "ba") -> str:
    """A case of somebody's, answered; the notice with its list has arrived."""
    case = await talk.submitted(who=who)
    await talk.official("can", "KT")
    await talk.say(f"/traloi {case.code} {ANSWERED}", who="can")
    await talk.tap("Gửi", who="can")
    assert ANSWERED in talk.last(who).text and talk.last(who).choices
    return case.code


def place(message: Message, label: str) -> str:
    return str(list(message.choices).index(label) + 1)


async def test_a_number_answers_a_notice_that_came_by_itself(database: Database) -> None:
    talk = await Talk.begin(database)
    await answered(talk)
    notice = talk.last("ba")
    label = next(one for one in notice.choices if "Đánh giá" in one)
    (said, *_rest) = await talk.say(place(notice, label), who="ba")
    assert "thế nào" in said.text


async def test_a_label_answers_it_as_well(sqlite: Database) -> None:
    talk = await Talk.begin(sqlite)
    await answered(talk)
    label = next(one for one in talk.last("ba").choices if "Đánh giá" in one)
    (said, *_rest) = await talk.say(plain(label, fold), who="ba")
    assert "thế nào" in said.text


async def test_the_last_list_wins(sqlite: Database) -> None:
    talk = await Talk.begin(sqlite)
    await answered(talk)
    notice = talk.last("ba")
    await talk.say("/trogiup", who="ba")
    menu = talk.last("ba")
    assert list(menu.choices) != list(notice.choices)
    (said, *_rest) = await talk.say(place(menu, "Kế hoạch của phường"), who="ba")
    assert "thế nào" not in said.text


async def test_a_number_of_no_list_is_explained_and_begins_no_case(sqlite: Database) -> None:
    talk = await Talk.begin(sqlite)
    await talk.submitted(who="ba")
    for typed in ("7", "số 7", "99."):
        (said,) = await talk.say(typed, who="ba")
        assert "không có" in said.text or "chưa đưa danh sách" in said.text
        assert said.choices


async def test_in_a_group_a_number_is_only_for_ones_own_question(sqlite: Database) -> None:
    talk = await Talk.begin(sqlite)
    await talk.group("g", "KT")
    await talk.official("can", "KT")
    case = await talk.submitted()
    assert talk.last("g").choices
    assert await talk.say("1", who="can", chat="g") == []
    assert (await talk.case(case.code)).assignee_id is None


# --- every list there is ----------------------------------------------------------------------------------------------

Answer = Callable[[Message, str], str]


def typed_number(message: Message, label: str) -> str:
    return place(message, label)


def typed_label(message: Message, label: str) -> str:
    return label


def typed_plainly(message: Message, label: str) -> str:
    return unicodedata.normalize("NFD", plain(label, fold).upper())


STARTS = {
    "ba": ("/batdau", "Đèn đường hỏng ở số 12 Lê Lợi", "/hoso", "/kehoach", "/doithoai", "/trogiup", "/ngonngu"),
    "can": ("/viec", "/trogiup", "/xem PA-26-00001", "/chuyen PA-26-00001", "/traloi PA-26-00001 Đã sửa", "/hoso"),
}


async def ground(database: Database) -> Talk:
    talk = await Talk.begin(database)
    await talk.official("can", "KT", Role.LEADER)
    await talk.submitted(who="ba")
    await talk.submitted("Rác chất đống ở ngõ 3", who="ba", category="other")
    await talk.say("/batdau", who="ba")
    return talk


async def step(talk: Talk, who: str, chosen: str | None, words: str, how: Answer | None) -> None:
    """Answer the last message's list in one of the ways, or write something new."""
    last = talk.in_chat(who)[-1] if talk.in_chat(who) else None
    if chosen is None or last is None:
        await talk.say(words, who=who)
    elif how is None:
        await talk.tap(chosen, who=who, on=last)
    else:
        await talk.say(how(last, chosen), who=who)


def read(talk: Talk, who: str) -> list[tuple[str, list[str]]]:
    return [(re.sub(r"\d\d:\d\d", "", one.text), list(one.choices)) for one in talk.in_chat(who)[-3:]]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("who", ["ba", "can"])
async def test_every_list_is_answered_alike_by_press_number_and_label(
    ready_sqlite_url: str, tmp_path: Path, who: str, seed: int
) -> None:
    """A random walk through whatever is offered, taken four times on equal ground: each step reads the same."""
    opened = [Database.open(_copy(ready_sqlite_url, tmp_path / f"{number}.db")) for number in range(4)]
    try:
        talks = [await ground(database) for database in opened]
        chance = random.Random(seed)  # noqa: S311  # a walk to be walked again, no secret
        for _ in range(14):
            last = talks[0].in_chat(who)[-1] if talks[0].in_chat(who) else None
            labels = list(last.choices) if last else []
            chosen = chance.choice(labels) if labels and chance.random() < 0.85 else None
            words = chance.choice(STARTS[who])
            for talk, how in zip(talks, (None, typed_number, typed_label, typed_plainly), strict=True):
                await step(talk, who, chosen, words, how)
            seen = [read(talk, who) for talk in talks]
            assert seen[1] == seen[0], (chosen, "number")
            assert seen[2] == seen[0], (chosen, "label")
            assert seen[3] == seen[0], (chosen, "folded label")
    finally:
        for database in opened:
            await database.close()


def _copy(url: str, to: Path) -> str:
    source = Path(url.removeprefix("sqlite+aiosqlite:///"))
    to.write_bytes(source.read_bytes())
    return f"sqlite+aiosqlite:///{to}"
