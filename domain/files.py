"""Files that belong to a case: what kinds there are, and what can be said of one in a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class FileKind(StrEnum):
    """What a file is to whoever opens it."""

    PHOTO = "photo"
    VOICE = "voice"  # anything to be listened to
    VIDEO = "video"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileGist:
    """A file in a few words; `seconds` is how long it plays, 0 if that is unknown or it does not play."""

    kind: FileKind
    seconds: int = 0

    def to_json(self) -> list[str | int]:
        """As kept in a notice: ["voice", 32]."""
        return [self.kind.value, self.seconds]

    @classmethod
    def from_json(cls, data: Sequence[str | int]) -> "FileGist":
        """As read back."""
        return cls(kind=FileKind(str(data[0])), seconds=int(data[1]))
