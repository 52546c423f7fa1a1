"""My channels: which are joined, where to be told, and parting them again."""

from actions import link_channels
from domain.errors import DomainError
from handlers.context import Turn
from handlers.engine.reply import Choice
from handlers.texts.linking import channel_name
from storage import contacts
from storage.contacts import Contact


async def show(turn: Turn) -> bool:
    """The channels that are joined, and what can be done with them; False if there is only this one."""
    mine = await contacts.of_person(turn.tx, turn.person.id)
    if len(mine) < 2:
        return False
    _ = turn._
    told = next((one for one in mine if one.preferred), None)
    where = channel_name(told.address.channel, turn.language) if told else _("where you wrote last")
    lines = [_("🔗 These channels are joined; the same cases on all of them:"), *_listed(turn, mine)]
    turn.say(
        "\n".join([*lines, _("You are told: {where}.", where=where)]),
        (
            Choice(id="/lienket ma", label=_("Join one more")),
            Choice(id="/lienket tin", label=_("Where to be told")),
            Choice(id="/lienket tach", label=_("Part them")),
        ),
    )
    return True


def _listed(turn: Turn, mine: list[Contact]) -> list[str]:
    here = turn._(" (here)")
    return [
        f"• {channel_name(one.address.channel, turn.language)}{here if one.id == turn.person.contact_point_id else ''}"
        for one in mine
    ]


async def told_where(turn: Turn, words: list[str]) -> None:
    """`/lienket tin [contact point | 0]`: where to be told; 0 is where somebody wrote last."""
    _ = turn._
    mine = await contacts.of_person(turn.tx, turn.person.id)
    if not words:
        offered = [
            Choice(id=f"/lienket tin {one.id}", label=channel_name(one.address.channel, turn.language)) for one in mine
        ]
        last = Choice(id="/lienket tin 0", label=_("Where I wrote last"), also=("nơi nhắn gần nhất",))
        turn.say(_("Where shall I tell you the news of your cases?"), (*offered, last))
        return
    chosen = next((one for one in mine if one.id == int(words[0])), None)
    if chosen is None and int(words[0]):
        raise DomainError("link_unclear")
    await contacts.prefer(turn.tx, turn.person.id, chosen.id if chosen else None)
    where = channel_name(chosen.address.channel, turn.language) if chosen else _("where you wrote last")
    turn.say(_("From now on you are told: {where}. If I cannot reach you there, by another of them.", where=where))


async def part(turn: Turn, words: list[str]) -> None:
    """`/lienket tach [contact point [ok]]`: part a channel from the others, after one question."""
    _ = turn._
    mine = await contacts.of_person(turn.tx, turn.person.id)
    if len(mine) < 2:
        raise DomainError("link_unclear")
    if not words:
        offered = [
            Choice(id=f"/lienket tach {one.id}", label=channel_name(one.address.channel, turn.language)) for one in mine
        ]
        turn.say(_("Which one shall be parted from the others?"), offered)
        return
    leaving = next((one for one in mine if one.id == int(words[0])), None)
    if leaving is None:
        raise DomainError("link_unclear")
    name = channel_name(leaving.address.channel, turn.language)
    if words[1:] == ["ok"]:
        await link_channels.unlink(turn.tx, turn.person, leaving.id, now=turn.now)
        turn.say(_("🔓 {channel} is parted. Each channel has the cases that were sent from it: /hoso.", channel=name))
        return
    text = _(
        "Part {channel}? The cases sent from {channel} stay with {channel}, all others stay with the others; each "
        "sees only its own from then on. Nothing is deleted.",
        channel=name,
    )  # fmt: skip
    yes = Choice(id=f"/lienket tach {leaving.id} ok", label=_("Yes, part it"), also=("có", "đồng ý", "yes"))
    turn.say(text, (yes, Choice(id="/lienket", label=_("No, keep them joined"), also=("không", "thôi", "no"))))
