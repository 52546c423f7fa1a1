"""What comes from outside is read strictly: plain files with the names we give, each as the manifest says."""

import io
import tarfile
from pathlib import Path

import pytest

from bot import archive
from bot.archive import ArchiveError, Part


def _tar(file: Path, *members: tuple[tarfile.TarInfo, bytes]) -> None:
    with tarfile.open(file, "w") as tar:
        for info, data in members:
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


def _link(name: str, kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info


@pytest.mark.parametrize(
    "member",
    [
        tarfile.TarInfo("../outside"), tarfile.TarInfo("/outside"), tarfile.TarInfo("attachments/../../outside"),
        tarfile.TarInfo("attachments/.hidden"), tarfile.TarInfo("attachments//x"), tarfile.TarInfo("danban.db-wal"),
        _link("danban.db", tarfile.SYMTYPE), _link("attachments/ab", tarfile.LNKTYPE),
        _link("seal.key", tarfile.CHRTYPE), _link("attachments", tarfile.DIRTYPE),
    ],
    ids=lambda one: f"{one.name} {one.type!r}",
)  # fmt: skip
def test_a_member_that_does_not_belong_there_is_refused_before_it_is_written(
    tmp_path: Path, member: tarfile.TarInfo
) -> None:
    into = tmp_path / "deep" / "into"
    into.mkdir(parents=True)
    _tar(tmp_path / "evil.tar", (member, b""))
    with pytest.raises(ArchiveError, match="does not belong"):
        archive.read(tmp_path / "evil.tar", into)
    assert not [one for one in (tmp_path / "deep").rglob("*") if one != into]


@pytest.mark.parametrize("said", [b"", b"[]", b"{}", b'{"format": 2}', b'{"format": 1, "missing": 3}'])
def test_a_manifest_that_cannot_be_read_is_refused(tmp_path: Path, said: bytes) -> None:
    _tar(tmp_path / "evil.tar", (tarfile.TarInfo(archive.MANIFEST), said))
    with pytest.raises(ArchiveError):
        archive.read(tmp_path / "evil.tar")


def test_a_member_twice_or_unnamed_in_the_manifest_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    part = Part(name="attachments/x", path=tmp_path / "x")
    manifest = archive.Manifest(made_at="", version="", database="sqlite", revision=None, key="", files={})
    archive.write(tmp_path / "good.tar", [part], manifest)
    with tarfile.open(tmp_path / "good.tar") as tar:
        (_x, last) = tar.getmembers()
        source = tar.extractfile(last)
        assert source is not None
        said = source.read()
    once, twice = (tarfile.TarInfo("attachments/x"), b"x"), (tarfile.TarInfo("attachments/x"), b"y")
    end = (tarfile.TarInfo(archive.MANIFEST), said)
    _tar(tmp_path / "twice.tar", once, twice, end)
    _tar(tmp_path / "more.tar", once, (tarfile.TarInfo("attachments/y"), b"y"), end)
    _tar(tmp_path / "less.tar", end)
    for name in ("twice", "more", "less"):
        with pytest.raises(ArchiveError):
            archive.read(tmp_path / f"{name}.tar")
