"""The page's own files, read once: compressed, named by their content, kept by browsers for good."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "static"
_KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFile:
    """One file, plain and compressed."""

    kind: str
    plain: bytes
    small: bytes


class StaticFiles:
    """All files under one name that changes when any of them does, so that modules may import each other."""

    def __init__(self, folder: Path = FOLDER) -> None:
        paths = sorted(path for path in folder.iterdir() if path.suffix in _KINDS)
        self._files = {path.name: _read(path) for path in paths}
        digest = hashlib.sha256()
        for name, file in self._files.items():
            digest.update(name.encode() + b"\0" + file.plain + b"\0")
        self.version = digest.hexdigest()[:16]

    def url(self, name: str) -> str:
        """Where a file is found; KeyError for one that does not exist."""
        if name not in self._files:
            raise KeyError(name)
        return f"/static/{self.version}/{name}"

    async def serve(self, request: web.Request) -> web.Response:
        """GET /static/{version}/{name}. An old version gets today's file, and is not to keep it."""
        file = self._files.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        current = request.match_info["version"] == self.version
        headers = {
            "Cache-Control": f"public, max-age={_YEAR}, immutable" if current else "no-cache",
            "ETag": f'"{self.version}"',
            "Vary": "Accept-Encoding",
        }
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        small = "gzip" in request.headers.get("Accept-Encoding", "")
        if small:
            headers["Content-Encoding"] = "gzip"
        return web.Response(
            body=file.small if small else file.plain, content_type=file.kind, charset=_charset(file), headers=headers
        )


def _read(path: Path) -> StaticFile:
    plain = path.read_bytes()
    return StaticFile(kind=_KINDS[path.suffix], plain=plain, small=gzip.compress(plain, mtime=0))


def _charset(file: StaticFile) -> str | None:
    return "utf-8" if file.kind.startswith("text/") else None
