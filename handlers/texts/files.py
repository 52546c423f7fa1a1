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


def files_apart(files: Sequence[tuple[FileGist, str]], language: str, *, hours: int) -> str:
    """What is said in place of files on a platform that does not carry them; "" for none.

    Each comes with the address where it can be opened for `hours`, or "" where there is none.
    """
    _ = translator(language)
    addressed = [(gist, url) for gist, url in files if url]
    parts = []
    if addressed:
        lines = [f"{files_line([gist], language)}: {url}" for gist, url in addressed]
        parts.append("\n".join([_("📎 With this (to be opened within {hours} hours):", hours=hours), *lines]))
    rest = files_line([gist for gist, url in files if not url], language)
    if rest:
        parts.append(_("📎 With this there is {files}; it cannot be shown here.", files=rest))
    return "\n".join(parts)


def in_recording(language: str) -> str:
    """What stands for the words of somebody who spoke instead of writing."""
    _ = translator(language)
    return _("(said in the recording)")
