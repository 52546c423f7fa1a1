"""`danban digest preview`: what the weekly digest would say now; nothing is sent and nothing is stored."""

import argparse
from typing import Any

from actions.send_digest import preview
from bot.clock import Clock
from bot.commands.opening import migrated, ward_named
from bot.settings import Settings
from handlers.i18n import LANGUAGES
from handlers.texts.digest import nothing_to_say, render_digest


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    made = verbs.add_parser("digest", help="bản tin tuần / the weekly digest")
    acts = made.add_subparsers(dest="act", metavar="VIỆC", required=True)
    shown = acts.add_parser("preview", help="xem trước, không gửi / print it, send nothing")
    shown.add_argument("--ward", metavar="MÃ", help="mã phường, khi có nhiều phường / ward code")
    shown.add_argument("--lang", choices=LANGUAGES, default=LANGUAGES[0], help="ngôn ngữ / language")
    shown.set_defaults(run=digest_preview)


async def digest_preview(args: argparse.Namespace, settings: Settings) -> int:
    """Print the digest of the seven days before today as the groups would read it."""
    async with migrated(settings) as database, database.reading() as tx:
        ward = await ward_named(tx, args.ward)
        params = await preview(tx, ward, now=Clock().now())
    print(nothing_to_say(args.lang) if params is None else render_digest(params, args.lang).text)
    return 0
