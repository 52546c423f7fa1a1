"""Photos in and out: judged by content, under a cap, and shown to who may see them."""

import asyncio
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from PIL import Image

from bot.web import uploads
from domain.case import CaseKind, Status
from domain.people import Role
from storage import attachments, cases, people, wards
from storage.database import Database
from tests import file_samples as samples
from tests.bot.web.ground import OURS, appoint, clock, picture, send_file, send_photo, uploaded, visitor_id

Client = TestClient[Any, Any]


async def put_to_case(database: Database, ward_id: int, token: str, resident: int, *, visible: bool = True) -> None:
    """Put a file to a case of the unit KT."""
    async with database.transaction() as tx:
        ward = await wards.load(tx, ward_id)
        case = await cases.add(
            tx, ward_id=ward_id, code="PA-26-00001", kind=CaseKind.REPORT.value, status=Status.RECEIVED.value,
            category_id=ward.category_ids["road"], unit_id=ward.unit_id("KT"), resident_id=resident, text="đèn",
            place="", language="vi", received_at=clock(), due_on=date(2026, 12, 8),
        )  # fmt: skip
        found = await attachments.get_by_token(tx, token)
        assert found is not None
        await attachments.link_to_case(tx, [found.id], case, visible_to_resident=visible)


async def resident(database: Database, ward_id: int, visitor: str) -> int:
    async with database.transaction() as tx:
        person = await people.add(
            tx, ward_id=ward_id, channel="web", account="web", address=visitor, name="", language="vi", now=clock()
        )
    return person.id


async def test_a_photo_is_taken_and_shown_to_its_sender_without_metadata(client: Client, settings: Any) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    response = await send_photo(client, picture(size=(80, 60), exif=exif))
    body = await response.json()
    assert (response.status, body["width"], body["height"]) == (200, 80, 60)
    shown = await client.get(f"/tep/{body['token']}")
    data = await shown.read()
    assert shown.content_type == "image/jpeg" and b"SecretPhone" not in data
    assert Image.open(io.BytesIO(data)).size == (80, 60)


async def test_a_file_is_served_so_that_it_can_do_nothing(client: Client) -> None:
    headers = (await client.get(f"/tep/{await uploaded(client)}")).headers
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Content-Disposition"].startswith("inline")
    assert headers["Cache-Control"].startswith("private") and "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "data", [b"<script>alert(1)</script>", b"MZ\x90\x00", b"GIF89a but no more", b"\x89PNG\r\n\x1a\n"]
)
async def test_a_false_photo_is_refused_with_a_sentence(client: Client, settings: Any, data: bytes) -> None:
    response = await send_photo(client, data)
    assert response.status == 415 and (await response.json())["error"]
    assert not (settings.data_dir / "attachments").exists()


async def test_a_recording_is_taken_and_played_in_ranges(client: Client) -> None:
    body = await (await send_file(client, samples.OGG, "audio/ogg", query="?seconds=12")).json()
    assert (body["kind"], body["seconds"], body["mime"]) == ("voice", 12, "audio/ogg")
    part = await client.get(f"/tep/{body['token']}", headers={"Range": "bytes=4-9"})
    assert (part.status, await part.read()) == (206, samples.OGG[4:10])
    assert part.headers["Content-Type"] == "audio/ogg" and part.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_document_is_to_be_saved_and_never_opened_in_the_page(client: Client) -> None:
    body = await (await send_file(client, samples.PDF, "application/pdf")).json()
    headers = (await client.get(f"/tep/{body['token']}")).headers
    assert headers["Content-Disposition"].startswith("attachment") and headers["Content-Disposition"].endswith('.pdf"')
    assert headers["Content-Type"] == "application/pdf" and "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("mime", ["audio/ogg", "application/pdf", "image/jpeg"])
async def test_an_archive_is_refused_whatever_it_says_it_is(client: Client, mime: str) -> None:
    response = await send_file(client, samples.archive(), mime)
    assert response.status == 415 and "PDF" in (await response.json())["error"]


async def test_a_recording_larger_than_its_own_bound_is_refused(client: Client, settings: Any) -> None:
    response = await send_file(client, samples.OGG + bytes(settings.voice_max_bytes), "audio/ogg")
    assert response.status == 413 and (await response.json())["error"]
    hidden = await send_file(client, samples.OGG + bytes(settings.voice_max_bytes), "")
    assert hidden.status == 413


async def test_a_photo_beyond_the_cap_is_refused_and_the_limit_is_named(client: Client, settings: Any) -> None:
    response = await send_photo(client, bytes(settings.upload_max_bytes + 1))
    assert response.status == 413 and "MB" in (await response.json())["error"]


async def test_what_says_it_is_larger_than_all_room_is_refused_for_good_and_not_told_to_come_again(
    client: Client,
) -> None:
    """With 503 the page would send it again and again; its body need not even begin to arrive."""
    reader, writer = await asyncio.open_connection(client.host, client.port)
    kept = client.session.cookie_jar.filter_cookies(client.make_url("/"))
    cookies = "; ".join(f"{name}={one.value}" for name, one in kept.items())
    head = (
        f"POST /api/uploads HTTP/1.1\r\nHost: {client.host}:{client.port}\r\nX-Dan-Ban: 1\r\nCookie: {cookies}\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {uploads.AT_ONCE_BYTES_MAX + 1}\r\n\r\n"
    )
    writer.write(head.encode())
    await writer.drain()
    status = await asyncio.wait_for(reader.readline(), 20)
    writer.close()
    assert b" 413 " in status


async def test_a_photo_that_does_not_say_how_large_it_is_is_cut_off_at_the_cap(client: Client, settings: Any) -> None:
    async def endless() -> Any:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        for _ in range(100):
            yield bytes(64 * 1024)
        yield b"\r\n--b--\r\n"

    headers = OURS | {"Content-Type": "multipart/form-data; boundary=b"}
    response = await client.post("/api/uploads", data=endless(), headers=headers)
    assert response.status == 413


async def test_too_many_pixels_are_refused(client: Client) -> None:
    response = await send_photo(client, picture("PNG", size=(2100, 2000)))
    assert response.status == 413 and (await response.json())["error"]


@pytest.mark.parametrize("body", [b"", b"--b\r\n", b"--b--\r\n", b"nothing"])
async def test_a_broken_envelope_is_refused_with_a_sentence(client: Client, body: bytes) -> None:
    headers = OURS | {"Content-Type": "multipart/form-data; boundary=b"}
    response = await client.post("/api/uploads", data=body, headers=headers)
    assert response.status == 400 and (await response.json())["error"]


async def test_no_envelope_and_another_field_are_refused(client: Client) -> None:
    assert (await client.post("/api/uploads", json={}, headers=OURS)).status == 400
    assert (await send_photo(client, picture(), name="other")).status == 400


async def test_many_photos_in_a_short_time_are_slowed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "UPLOADS_MAX", 2)
    statuses = [(await send_photo(client, picture())).status for _ in range(3)]
    assert statuses == [200, 200, 429]


async def test_a_crowd_is_asked_to_wait_a_moment(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE_BYTES_MAX", 0)
    refused = await send_photo(client, picture())
    assert refused.status == 503 and refused.headers["Retry-After"] and (await refused.json())["error"]
    monkeypatch.undo()
    assert (await send_photo(client, picture())).status == 200


async def test_a_disk_that_refuses_is_told_in_a_sentence(client: Client, settings: Any) -> None:
    (settings.data_dir / "attachments").write_text("a file where the folder should be")
    response = await send_photo(client, picture())
    assert response.status == 503 and (await response.json())["error"]


async def test_nobody_else_sees_a_photo_that_belongs_to_no_case(client: Client, stranger: Client) -> None:
    token = await uploaded(client)
    assert (await stranger.get(f"/tep/{token}")).status == 404
    assert (await stranger.get("/tep/unknown")).status == 404


@pytest.mark.parametrize(
    ("role", "unit", "status"),
    [
        (Role.MEMBER, "KT", 200),
        (Role.MEMBER, "VP", 404),
        (Role.RECEPTION, "VP", 200),
        (Role.LEADER, None, 200),
        (Role.EDITOR, None, 404),
    ],
)
async def test_a_cases_photo_is_seen_by_who_may_act_on_the_case(
    client: Client, stranger: Client, sqlite: Database, ward_id: int, role: Role, unit: str | None, status: int
) -> None:
    token = await uploaded(client)
    me = await resident(sqlite, ward_id, await visitor_id(sqlite, client))
    await put_to_case(sqlite, ward_id, token, me)
    await appoint(sqlite, ward_id, await visitor_id(sqlite, stranger), role, unit)
    assert (await stranger.get(f"/tep/{token}")).status == status


@pytest.mark.parametrize(("visible", "status"), [(True, 200), (False, 404)])
async def test_the_resident_sees_the_officials_photo_only_if_it_is_meant_for_them(
    client: Client, stranger: Client, sqlite: Database, ward_id: int, visible: bool, status: int
) -> None:
    me = await resident(sqlite, ward_id, await visitor_id(sqlite, client))
    token = await uploaded(stranger)
    await put_to_case(sqlite, ward_id, token, me, visible=visible)
    assert (await client.get(f"/tep/{token}")).status == status


async def test_photos_lie_outside_of_what_is_served(client: Client, settings: Any) -> None:
    await uploaded(client)
    stored = [path for path in (settings.data_dir / "attachments").rglob("*") if path.is_file()]
    assert len(stored) == 1
    assert not stored[0].is_relative_to(Path(uploads.__file__).parent)
