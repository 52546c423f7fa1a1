"""The choices offered when there is nothing else to press."""

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
