"""Files are judged by content: what is taken is kept with its hash, what is not is refused."""

import hashlib
import os
from pathlib import Path

import pytest

from bot.file_types import file_name, type_of
from bot.received_files import SECONDS_MAX, FileLimits, take_in
from bot.stored_files import read_stored
from domain.errors import DomainError
from domain.files import FileKind
from tests import file_samples as samples
from tests.bot.web.ground import picture

LIMITS = FileLimits(bytes_max=dict.fromkeys(FileKind, 5000), pixels_max=1_000_000)


@pytest.mark.parametrize(
    ("data", "said", "kind", "mime"),
    [
        (samples.OGG, FileKind.VOICE, FileKind.VOICE, "audio/ogg"),
        (samples.MP3, None, FileKind.VOICE, "audio/mpeg"),
        (b"\xff\xfb\x90\x00", None, FileKind.VOICE, "audio/mpeg"),
        (samples.AAC, None, FileKind.VOICE, "audio/aac"),
        (samples.M4A, None, FileKind.VOICE, "audio/mp4"),
        (samples.MP4, FileKind.VOICE, FileKind.VOICE, "audio/mp4"),
        (samples.MP4, FileKind.VIDEO, FileKind.VIDEO, "video/mp4"),
        (samples.MP4, FileKind.DOCUMENT, FileKind.VIDEO, "video/mp4"),
        (samples.MOV, None, FileKind.VIDEO, "video/quicktime"),
        (samples.WEBM, FileKind.VOICE, FileKind.VOICE, "audio/webm"),
        (samples.WEBM, None, FileKind.VIDEO, "video/webm"),
        (samples.PDF, None, FileKind.DOCUMENT, "application/pdf"),
        (b"\xef\xbb\xbf\n" + samples.PDF, None, FileKind.DOCUMENT, "application/pdf"),
        (samples.HEIC, FileKind.PHOTO, FileKind.DOCUMENT, "image/heic"),
        (picture("PNG"), FileKind.DOCUMENT, FileKind.PHOTO, "image/jpeg"),
        (picture("JPEG"), FileKind.VIDEO, FileKind.PHOTO, "image/jpeg"),
    ],
)
def test_the_content_decides_what_a_file_is(data: bytes, said: FileKind | None, kind: FileKind, mime: str) -> None:
    found = type_of(data, said)
    assert found is not None and (found.kind, found.mime) == (kind, mime)


def test_office_files_are_known_by_what_is_in_the_archive() -> None:
    word, table = type_of(samples.DOCX), type_of(samples.XLSX)
    assert word is not None and word.mime.endswith("wordprocessingml.document")
    assert table is not None and table.mime.endswith("spreadsheetml.sheet")
    assert file_name(7, word.mime) == "tep-7.docx"


@pytest.mark.parametrize(
    "data",
    [
        samples.PROGRAM,
        samples.archive(),
        samples.office("word/document.xml", "word/vbaProject.bin"),
        samples.office("ppt/presentation.xml"),
        samples.DOCX[: len(samples.DOCX) // 2],
        b"<script>alert(1)</script>",
        b"\x7fELF",
        b"",
    ],
)
async def test_programs_archives_macros_and_the_unknown_are_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(DomainError) as refused:
        await take_in(tmp_path, data, limits=LIMITS, said=FileKind.PHOTO)
    assert refused.value.code == "file_type" and not os.listdir(tmp_path)


async def test_a_recording_is_kept_as_it_came_with_its_hash_and_its_length(tmp_path: Path) -> None:
    kept = await take_in(tmp_path, samples.OGG, limits=LIMITS, said=FileKind.VOICE, seconds=32)
    assert (kept.kind, kept.seconds, kept.size) == (FileKind.VOICE, 32, len(samples.OGG))
    assert kept.sha256 == hashlib.sha256(samples.OGG).hexdigest()
    assert read_stored(tmp_path, kept.stored_as) == samples.OGG


@pytest.mark.parametrize(("said", "kept"), [(-5, 0), (10**9, SECONDS_MAX)])
async def test_what_a_sender_says_of_the_length_is_taken_with_care(said: int, kept: int, tmp_path: Path) -> None:
    found = await take_in(tmp_path, samples.OGG, limits=LIMITS, said=FileKind.VOICE, seconds=said)
    assert found.seconds == kept


async def test_each_kind_has_its_own_bound(tmp_path: Path) -> None:
    limits = FileLimits(bytes_max=dict.fromkeys(FileKind, 5000) | {FileKind.VOICE: 100}, pixels_max=1_000_000)
    await take_in(tmp_path, samples.PDF, limits=limits)
    with pytest.raises(DomainError) as refused:
        await take_in(tmp_path, samples.OGG, limits=limits)
    assert refused.value.code == "file_too_large"
