"""Plays conversations in tests: people write and press, the real dispatch answers, what is owed is rendered."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from actions.submit_case import CaseDraft, submit
from domain.case import Case, CaseKind
from domain.files import FileKind
from domain.people import GroupKind, Person, Role
from domain.ward import Category, ResidentialGroup, Unit, Ward
from domain.workdays import WorkCalendar
from handlers.context import Book, Limits
from handlers.dispatch import dispatch
from handlers.engine.event import Event, Place
from handlers.engine.reply import payload
from handlers.texts.notices import render
from storage import attachments, cases, invites, offices, outbox, people, standing, wards
from storage.attachments import Contact, StoredFile
from storage.base import Account
from storage.database import Database, Transaction
from storage.outbox import Address, Sending
from storage.sending_ends import mark_sent
from storage.wards import StoredWard
from tests.storage.claiming import claim_one

CHANNEL, ACCOUNT = "test", "bot"
# A Tuesday morning in the ward.
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
LEASE = timedelta(minutes=1)
_MIME = {
    FileKind.PHOTO: "image/jpeg", FileKind.VOICE: "audio/ogg", FileKind.VIDEO: "video/mp4",
    FileKind.DOCUMENT: "application/pdf",
}  # fmt: skip


def sample_ward(code: str = "AHD") -> Ward:
    """A small ward: reception, an office for roads and lamps, one for culture."""
    return Ward(
        code=code,
        name="Phường An Hoà Đông",
        units=(
            Unit(code="VP", name="Văn phòng", reception=True),
            Unit(code="KT", name="Phòng Kinh tế, Hạ tầng và Đô thị", aliases=("Phòng KT", "đô thị")),
            Unit(code="VX", name="Phòng Văn hoá - Xã hội", former_names=("Ban Văn hoá",)),
        ),
        categories=(
            Category(code="lighting", name_vi="Chiếu sáng", name_en="Lighting", unit_code="KT", words=("đèn đường",)),
            Category(code="other", name_vi="Việc khác", name_en="Other", unit_code="VP"),
        ),
        groups=(ResidentialGroup(code="1", name="Tổ dân phố 1"), ResidentialGroup(code="2", name="Tổ dân phố 2")),
        calendar=WorkCalendar(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of the bot's, as it arrived in a chat."""

    id: str
    chat: str
    text: str
    choices: dict[str, str]  # what is on each button → what pressing it sends
    attachments: tuple[int, ...]


@dataclass(slots=True, kw_only=True)
class Talk:
    """Conversations with the bot. A person's private chat is named like the person."""

    database: Database
    ward: StoredWard
    book: Book
    now: datetime = NOW
    limits: Limits = field(default_factory=Limits)
    language: str = "vi"
    channel: str = CHANNEL
    messages: list[Message] = field(default_factory=list)
    files: int = 0
    # Whether the platform can change messages.
    edits: bool = True

    @classmethod
    async def begin(cls, database: Database, *, ward: Ward | None = None, book: Book | None = None) -> "Talk":
        """Conversations in a ward that has just been written down."""
        async with database.transaction() as tx:
            stored = await wards.load(tx, await wards.write(tx, ward or sample_ward()))
        return cls(database=database, ward=stored, book=book or _book())

    # --- what people do

    async def say(
        self,
        text: str = "",
        *,
        who: str,
        chat: str = "",
        reply_to: Message | None = None,
        photos: int = 0,
        files: tuple[int, ...] = (),
        place: Place | None = None,
        admin: bool = False,
        name: str = "",
        message: str | None = None,
        album: str | None = None,
    ) -> list[Message]:
        """Somebody writes in their private chat or in a group; what the bot sends because of it, to anybody."""
        sent = (*[await self.photo(who) for _ in range(photos)], *files)
        return await self._happen(
            who, chat, text=text, attachments=sent, place=place, sender_is_admin=admin, sender_name=name,
            reply_to=reply_to.id if reply_to else None, message_id=message, album=album,
        )  # fmt: skip

    async def tap(self, label: str, *, who: str, chat: str = "", on: Message | None = None) -> list[Message]:
        """Somebody presses a button: of a message, or of the last one in that chat that has it."""
        where = chat or who
        shown = on or next(one for one in reversed(self.in_chat(where)) if label in one.choices)
        pressed = shown.choices[label]
        command = pressed.startswith("/")
        return await self._happen(who, chat, text=pressed if command else "", choice=None if command else pressed)

    async def photo(self, who: str) -> int:
        """A picture somebody has just uploaded."""
        return await self.file(who, FileKind.PHOTO)

    async def file(self, who: str, kind: FileKind, seconds: int = 0) -> int:
        """A file somebody has just uploaded."""
        self.files += 1
        file = StoredFile(
            kind=kind, sha256=f"{self.files:064d}", mime=_MIME[kind], size=1000, width=10, height=10,
            seconds=seconds, stored_as=f"{self.files}",
        )  # fmt: skip
        contact = Contact(channel=self.channel, account=ACCOUNT, address=who)
        async with self.database.transaction() as tx:
            added = await attachments.add(tx, file, uploaded_by=contact, ward_id=self.ward.id, now=self.now)
        return added.id

    async def change(self, text: str, *, message: str, who: str, chat: str = "") -> list[Message]:
        """Somebody changes a message they sent before."""
        return await self._happen(who, chat, text=text, message_id=message, edited=True)

    async def _happen(self, who: str, chat: str, **values: object) -> list[Message]:
        self.now += timedelta(seconds=1)
        event = Event(
            channel=self.channel, account=ACCOUNT, chat=chat or who, sender=who, at=self.now,
            in_group=bool(chat and chat != who), language=self.language, **values,  # type: ignore[arg-type]
        )  # fmt: skip
        async with self.database.transaction() as tx:
            await dispatch(self.book, self.database, tx, event, now=self.now, limits=self.limits)
        return await self.deliver()

    async def deliver(self) -> list[Message]:
        """Send everything that is owed, as the outbox worker would."""
        arrived, changes = [], []
        async with self.database.transaction() as tx:
            while True:
                lease = self.now + LEASE
                sending = await claim_one(tx, accounts=await _accounts(tx), now=self.now, leased_until=lease)
                if sending is None:
                    break
                reply = render(sending.body, sending.language, case_id=sending.case_id)
                choices = {choice.label: payload(reply.menu, choice) for choice in reply.choices}
                if sending.edits:
                    changes.append((await self._changed(tx, sending), reply.text, choices))
                    continue
                await mark_sent(tx, sending, sent_as=f"out-{sending.id}", now=self.now)
                arrived.append(
                    Message(
                        id=f"out-{sending.id}", chat=sending.address.chat, text=reply.text, choices=choices,
                        attachments=reply.attachments,
                    )
                )  # fmt: skip
        arrived.sort(key=lambda message: int(message.id.removeprefix("out-")))
        self.messages += arrived
        for stands, text, choices in changes:
            self.messages = [
                replace(one, text=text, choices=choices) if one.id == stands else one for one in self.messages
            ]
        return arrived

    async def _changed(self, tx: Transaction, sending: Sending) -> str | None:
        """The message that a change changes; None when what it says instead is owed now."""
        stands = await standing.message_of(tx, sending) if self.edits else None
        if stands is None:
            await standing.say_instead(tx, sending, now=self.now, why="nothing stands there")
        else:
            await mark_sent(tx, sending, sent_as=stands, now=self.now)
        return stands

    # --- what is seen

    def in_chat(self, chat: str) -> list[Message]:
        """All messages of the bot's in one chat, oldest first."""
        return [message for message in self.messages if message.chat == chat]

    def last(self, chat: str) -> Message:
        """The bot's last message in a chat."""
        return self.in_chat(chat)[-1]

    async def case(self, code: str) -> Case:
        """A case as it stands."""
        async with self.database.reading() as tx:
            return await cases.by_code(tx, self.ward.id, code)

    # --- what has happened before

    async def person(self, who: str, name: str = "") -> Person:
        """Somebody known to the bot."""
        async with self.database.transaction() as tx:
            known = await people.find(tx, channel=self.channel, account=ACCOUNT, address=who)
            if known is not None:
                return known.person
            return await people.add(
                tx, ward_id=self.ward.id, channel=self.channel, account=ACCOUNT, address=who, name=name,
                language=self.language, now=self.now,
            )  # fmt: skip

    async def official(self, who: str, unit: str | None, role: Role = Role.MEMBER, *, name: str = "") -> Person:
        """An official who has joined."""
        person = await self.person(who, name or who.capitalize())
        unit_id = self.ward.unit_id(unit) if unit else None
        async with self.database.transaction() as tx:
            await offices.appoint(
                tx, person_id=person.id, ward_id=self.ward.id, unit_id=unit_id, role=role, now=self.now
            )
        return person

    async def group(self, chat: str, unit: str | None = None) -> None:
        """A bound group: of a unit, or of the ward."""
        kind = GroupKind.UNIT if unit else GroupKind.WARD
        async with self.database.transaction() as tx:
            await invites.bind_group(
                tx, Address(channel=self.channel, account=ACCOUNT, chat=chat), ward_id=self.ward.id, kind=kind,
                unit_id=self.ward.unit_id(unit) if unit else None, bound_by=None, now=self.now,
            )  # fmt: skip

    async def submitted(
        self, text: str = "Đèn đường hỏng", *, who: str = "ba", category: str = "lighting", photos: int = 0
    ) -> Case:
        """A case that a resident has submitted; its card has arrived."""
        resident = await self.person(who, "Trần Thị Ba")
        sent = tuple([await self.photo(who) for _ in range(photos)])
        draft = CaseDraft(kind=CaseKind.REPORT, text=text, category_code=category, place="12 Lê Lợi", attachments=sent)
        async with self.database.transaction() as tx:
            case = await submit(tx, self.ward, resident, draft, now=self.now)
        await self.deliver()
        return case


def _book() -> Book:
    # Not at the head: a test with a book of its own needs none of the others.
    from handlers.book import BOOK

    return BOOK


async def _accounts(tx: Transaction) -> list[Account]:
    """Every account something is owed on."""
    rows = await tx.execute(select(outbox.outbox.c.channel, outbox.outbox.c.account).distinct())
    return [Account(row.channel, row.account) for row in rows]
