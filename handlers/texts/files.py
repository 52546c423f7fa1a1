"""Files in words: how many of each kind go with a message, and how long recordings play."""

from collections.abc import Iterable, Sequence

from domain.files import FileGist, FileKind
from handlers.i18n import plural_translator, translator

MINUTE = 60


def files_line(files: Iterable[FileGist], language: str) -> str:
    """The files that go with something, in one line: "📷 2 ảnh · 🎤 ghi âm 0:32"; "" for none."""
    found = list(files)
    n_ = plural_translator(language)
    by_kind = {kind: [one for one in found if one.kind is kind] for kind in FileKind}
    photos, documents = len(by_kind[FileKind.PHOTO]), len(by_kind[FileKind.DOCUMENT])
    voices, videos = by_kind[FileKind.VOICE], by_kind[FileKind.VIDEO]
    parts = [
        n_("📷 {n} photo", "📷 {n} photos", photos) if photos else "",
        _played(n_("🎤 {n} recording", "🎤 {n} recordings", len(voices)), voices) if voices else "",
        _played(n_("🎬 {n} video", "🎬 {n} videos", len(videos)), videos) if videos else "",
        n_("📄 {n} document", "📄 {n} documents", documents) if documents else "",
    ]
    return " · ".join(part for part in parts if part)


def files_in(params: Sequence[Sequence[str | int]], language: str) -> str:
    """The same, of a notice's `files`."""
    return files_line([FileGist.from_json(one) for one in params], language)


def _played(words: str, files: Sequence[FileGist]) -> str:
    seconds = sum(one.seconds for one in files)
    return f"{words} ({seconds // MINUTE}:{seconds % MINUTE:02})" if seconds else words


def in_recording(language: str) -> str:
    """What stands for the words of somebody who spoke instead of writing."""
    _ = translator(language)
    return _("(said in the recording)")
