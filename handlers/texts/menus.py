"""The choices offered when there is nothing else to press, and how choices are written where nothing can be pressed."""

from collections.abc import Iterable, Sequence

from handlers.engine.reply import Choice
from handlers.i18n import translator


def main_menu(language: str) -> tuple[Choice, ...]:
    """What a resident can begin with; each choice is a command."""
    _ = translator(language)
    return (
        Choice(id="/phananh", label=_("Report something")),
        Choice(id="/hoso", label=_("My cases")),
        Choice(id="/kehoach", label=_("Ward plan")),
        Choice(id="/doithoai", label=_("Dialogue with the chairman")),
        Choice(id="/trogiup", label=_("Help")),
    )


def numbered_list(choices: Iterable[tuple[int, Choice]], language: str, *, mention: str = "") -> str:
    """Choices with their numbers, a line each, and that a number is the answer; "" without any."""
    lines = [f"{number}. {choice.label}" for number, choice in choices]
    if not lines:
        return ""
    _ = translator(language)
    how = _("👉 Answer with a number, like this: {example}", example=f"{mention}1") if mention else ""
    return "\n".join([*lines, how or _("👉 Answer with a number.")])


def typed_list(commands: Sequence[Choice], language: str, *, mention: str = "") -> str:
    """Commands as they are typed, a line each; "" without any. With a mention before it a command needs no slash."""
    if not commands:
        return ""
    _ = translator(language)
    typed = [f"• {one.label}: {mention}{one.id.removeprefix('/') if mention else one.id}" for one in commands]
    return "\n".join([_("👉 Type one of these:"), *typed])
