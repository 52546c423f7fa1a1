"""Languages: the catalogues of locales/ as translators; Vietnamese is what most people read."""

import gettext
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DOMAIN = "danban"
LANGUAGES = ("vi", "en")
DEFAULT_LANGUAGE = "vi"
LOCALES = Path(__file__).resolve().parent.parent / "locales"

Translate = Callable[..., str]


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; English is what the sources say. An unknown language gives the default."""
    if language == "en":
        return gettext.NullTranslations()
    path = LOCALES / known_language(language) / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=known_language(language), domain=DOMAIN)
    # Compiled here and now: no half-built .mo can ever lie beside a newer .po.
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def known_language(tag: str | None) -> str:
    """The language of ours that a tag such as `vi-VN` means; the default if none."""
    wanted = (tag or "").replace("_", "-").split("-")[0].lower()
    return wanted if wanted in LANGUAGES else DEFAULT_LANGUAGE


@cache
def translator(language: str) -> Translate:
    """A function that words a message: `_("Your code is {code}.", code=…)`."""
    catalogue = translations(language)

    def translate(message: str, /, **values: object) -> str:
        worded = catalogue.gettext(message)
        return worded.format(**values) if values else worded

    return translate


@cache
def plural_translator(language: str) -> Translate:
    """A function that words a counted message: `n_("{n} case", "{n} cases", n)`; Vietnamese has one form."""
    catalogue = translations(language)

    def translate(one: str, many: str, n: int, /, **values: object) -> str:
        return catalogue.ngettext(one, many, n).format(n=n, **values)

    return translate


def N_(message: str) -> str:  # noqa: N802  # gettext's name for "translate this later"
    """Mark a message for the catalogue where it is written; it is translated where it is used."""
    return message
