"""Whoever cannot write is heard: a recording stands for the words, and its subject is asked by buttons."""

from domain.files import FileKind
from storage import attachments
from tests.handlers.driver import Talk
from tests.handlers.resident.ground import LAMPS_ROOM, agreed, count, history, said


async def spoke(talk: Talk, seconds: int = 32) -> str:
    """Somebody sends a recording and not a word; what they read."""
    recording = await talk.file("ba", FileKind.VOICE, seconds)
    return said(await talk.say(who="ba", files=(recording,)))


async def test_a_recording_becomes_a_case_with_one_question(talk: Talk) -> None:
    await agreed(talk)
    await talk.group(LAMPS_ROOM, "KT")
    assert "cán bộ sẽ nghe" in await spoke(talk)
    await talk.tap("Chọn lĩnh vực", who="ba")
    look = said(await talk.tap("Chiếu sáng", who="ba"))
    assert "🎤 1 bản ghi âm (0:32)" in look and "nội dung trong bản ghi âm" in look
    sent = await talk.tap("Gửi", who="ba")
    (card,) = [one for one in sent if one.chat == LAMPS_ROOM]
    assert "nội dung trong bản ghi âm" in card.text and len(card.attachments) == 1


async def test_a_recording_without_a_subject_goes_to_reception(talk: Talk) -> None:
    await agreed(talk)
    await spoke(talk)
    look = said(await talk.tap("Phản ánh, kiến nghị", who="ba"))
    assert "Việc khác" in look and "Văn phòng" in look


async def test_words_written_after_a_recording_are_read_as_ever(talk: Talk) -> None:
    await agreed(talk)
    await spoke(talk)
    look = said(await talk.say("Đèn đường trước nhà số 12 Lê Lợi hỏng", who="ba"))
    assert "Chiếu sáng" in look and "🎤 1 bản ghi âm" in look


async def test_a_denunciation_by_voice_is_guided_and_the_recording_forgotten(talk: Talk) -> None:
    await agreed(talk)
    await spoke(talk)
    guided = said(await talk.tap("Tố cáo ai đó", who="ba"))
    assert "🔒" in guided and await count(talk) == 0
    async with talk.database.transaction() as tx:
        names = await attachments.drop_unlinked(tx, await attachments.unlinked(tx, before=talk.now, limit=10))
    assert len(names) == 1


async def test_a_complaint_by_voice_hears_the_law_first(talk: Talk) -> None:
    await agreed(talk)
    await spoke(talk)
    assert "khiếu nại" in said(await talk.tap("Khiếu nại một quyết định", who="ba"))
    law = talk.last("ba")
    assert "cán bộ sẽ nghe" in said(await talk.tap(next(iter(law.choices)), who="ba"))


async def test_a_recording_is_an_answer_to_the_units_question(talk: Talk) -> None:
    await agreed(talk)
    await talk.group(LAMPS_ROOM, "KT")
    case = await talk.submitted()
    recording = await talk.file("ba", FileKind.VOICE, 5)
    sent = await talk.say(f"{case.code}", who="ba", files=(recording,))
    (told,) = [one for one in sent if one.chat == LAMPS_ROOM]
    assert "🎤 1 bản ghi âm (0:05)" in told.text and told.attachments == (recording,)
    assert len(await history(talk, case.code)) == 2


async def test_a_video_alone_is_asked_for_a_word(talk: Talk) -> None:
    await agreed(talk)
    video = await talk.file("ba", FileKind.VIDEO, 9)
    assert "gửi ghi âm cũng được" in said(await talk.say(who="ba", files=(video,)))
