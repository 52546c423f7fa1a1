"""The command line: `danban`, also `python -m bot`."""

import argparse
import asyncio
import sys
from typing import NoReturn

from bot import settings as settings_module
from bot.commands import (
    backup,
    chat,
    check,
    digest,
    inbox,
    invite,
    link,
    migrate,
    official,
    plan,
    restore,
    run,
    ward,
    zalo,
)
from bot.commands.failure import MISUSED, NOT_DONE, CommandError, tell
from bot.settings import SettingsError
from domain.errors import DomainError
from handlers.texts.errors import refusal

TIMEZONE = "Asia/Ho_Chi_Minh"


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong with the arguments."""

    def error(self, message: str) -> NoReturn:
        """Exit 2 with one line."""
        self.exit(MISUSED, f"{self.prog}: lệnh chưa đúng, xem «{self.prog} --help» ({message})\n")


def parser() -> argparse.ArgumentParser:
    """All verbs with their arguments."""
    made = Parser(
        prog="danban",
        description="Dân Bàn: trợ lý để người dân tham gia việc phường. / A ward's participation assistant.",
    )
    verbs = made.add_subparsers(dest="verb", metavar="LỆNH", required=True, parser_class=Parser)
    for module in (run, migrate, check, ward, plan, invite, link, official, inbox, backup, restore, zalo, chat, digest):
        module.add_parser(verbs)
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; the exit code: 0 done, 1 not done, 2 misused."""
    args = parser().parse_args(arguments)
    try:
        settings = settings_module.load()
        result: int = asyncio.run(args.run(args, settings))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return NOT_DONE
    except CommandError as error:
        return tell(error)
    except DomainError as error:
        sys.stderr.write(f"{refusal(error, 'vi', TIMEZONE)}\n{refusal(error, 'en', TIMEZONE)}\n")
        return NOT_DONE
    except KeyboardInterrupt:
        return 0
    return result


if __name__ == "__main__":
    sys.exit(main())
