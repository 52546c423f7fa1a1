"""Templates: everything people typed is escaped, every word comes from the catalogue."""

from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.web.files import StaticFiles
from bot.web.words import catalogue, language_of

FOLDER = Path(__file__).parent / "templates"
STATIC = web.AppKey("static", StaticFiles)


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    return made


_environments: dict[str, Environment] = {}


def render(request: web.Request, template: str, **values: Any) -> web.Response:
    """A page in the reader's language, compressed if their browser takes that."""
    language = language_of(request)
    if language not in _environments:
        environment = _environment()
        # newstyle: values are put in escaped, so that a translation cannot carry markup in.
        environment.install_gettext_translations(catalogue(request), newstyle=True)  # type: ignore[attr-defined]  # put there by jinja2.ext.i18n
        _environments[language] = environment
    text = (
        _environments[language]
        .get_template(template)
        .render(language=language, static=request.config_dict[STATIC].url, **values)
    )
    response = web.Response(text=text, content_type="text/html")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept-Language, Cookie"
    response.enable_compression()
    return response
