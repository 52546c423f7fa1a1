"""Danger to life in somebody's words: whom to call comes first, then the conversation goes on."""

from domain.routing_danger import Danger, dangers
from handlers.context import Turn
from handlers.engine.form import Data


def warn_of_danger(turn: Turn, text: str, data: Data) -> None:
    """Say the emergency numbers that fit, once for each danger of a draft; `data["warned"]` remembers which."""
    found = dangers(text)
    fresh = sorted(danger.value for danger in found if danger.value not in data.get("warned", ()))
    if not fresh:
        return
    data["warned"] = [*data.get("warned", ()), *fresh]
    _ = turn._
    numbers = turn.ward.ward.emergency
    lines = {
        Danger.FIRE: _("📞 {number}: fire, people trapped", number=numbers.fire),
        Danger.RESCUE: _("📞 {number}: rescue", number=numbers.rescue),
        Danger.MEDICAL: _("📞 {number}: ambulance", number=numbers.ambulance),
        Danger.VIOLENCE: _("📞 {number}: police", number=numbers.police),
    }
    called = "\n".join(lines[Danger(danger)] for danger in fresh)
    own = numbers.ward_police
    if own and Danger.VIOLENCE.value in fresh:
        called += "\n" + _("📞 {number}: the ward's police", number=own)
    turn.say(_("🚨 If somebody is in danger, please call at once:\n{numbers}", numbers=called))
