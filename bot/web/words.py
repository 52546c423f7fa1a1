"""The language a page is read in, and its words."""

import gettext
import re

from aiohttp import web

from handlers.i18n import DEFAULT_LANGUAGE, LANGUAGES, Translate, translations, translator

COOKIE = "danban-lang"
COOKIE_SECONDS = 400 * 24 * 3600
_TAG = re.compile(r"([a-zA-Z]{2,3})[\w-]*(?:\s*;\s*q\s*=\s*([0-9.]+))?")


def language_of(request: web.Request) -> str:
    """What the reader chose (`?lang=`, then the cookie), else what their browser asks for, else Vietnamese."""
    for chosen in (request.query.get("lang"), request.cookies.get(COOKIE)):
        if chosen in LANGUAGES:
            return chosen
    return _accepted(request.headers.get("Accept-Language", ""))


def _accepted(header: str) -> str:
    wanted = [
        (_weight(found[2]), found[1].lower()) for part in header.split(",") if (found := _TAG.match(part.strip()))
    ]
    # sorted() keeps the browser's own order among equals.
    for weight, tag in sorted(wanted, key=lambda one: -one[0]):
        if weight > 0 and tag in LANGUAGES:
            return tag
    return DEFAULT_LANGUAGE


def _weight(number: str | None) -> float:
    try:
        return float(number) if number else 1.0
    except ValueError:
        return 0.0


def words(request: web.Request) -> Translate:
    """Words a message in the reader's language."""
    return translator(language_of(request))


def catalogue(request: web.Request) -> gettext.NullTranslations:
    """The reader's catalogue, for templates."""
    return translations(language_of(request))


def remember(response: web.StreamResponse, language: str, *, secure: bool) -> None:
    """Keep the language somebody chose on this page."""
    response.set_cookie(
        COOKIE, language, max_age=COOKIE_SECONDS, path="/", samesite="Lax", secure=secure, httponly=True
    )
