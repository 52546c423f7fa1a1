"""Everything served over HTTP, put together: pages, the chat's interface, files, health, the demonstration."""

from collections.abc import Callable, Iterable

from aiohttp import web

from bot.file_links import FileLinks
from bot.web import api, chat, demo, events, health, linked_files, shown_files, uploads
from bot.web.files import StaticFiles
from bot.web.health import Watch
from bot.web.identity import Visitors
from bot.web.newest import Newest
from bot.web.pages import STATIC
from bot.web.refusal import told
from bot.web.security import headers_for, is_secure, same_origin
from bot.web.site import SITE, Clock, DemoHooks, Site, WebSettings
from storage.database import Database

# Photos are streamed under a cap of their own; nothing else that people post is large.
BODY_MAX_BYTES = 128 * 1024


def web_app(
    database: Database,
    settings: WebSettings,
    *,
    key: bytes,
    clock: Clock,
    ready: Callable[[], bool],
    demo_hooks: DemoHooks | None = None,
    watch: Watch | None = None,
    webhooks: Iterable[web.RouteDef] = (),
) -> web.Application:
    """The web side of the house.

    `key` (32 secret bytes) signs cookies; `ready` says whether the work has begun and is not to end (`/healthz`).
    Platforms call in at `webhooks`; `watch` adds what is for those who watch. `/demo` exists only with `settings.demo`
    and `demo_hooks`.
    """
    app = web.Application(middlewares=[told, same_origin], client_max_size=BODY_MAX_BYTES)
    secure = is_secure(settings.public_url)
    app[SITE] = Site(
        database=database,
        settings=settings,
        clock=clock,
        visitors=Visitors(key, secure=secure, demo=settings.demo),
        demo=demo_hooks if settings.demo else None,
        ready=ready,
    )
    app[STATIC] = StaticFiles()
    app[linked_files.LINKS] = FileLinks(key, settings.public_url)
    app[events.NEWEST] = Newest(database, clock)
    app.on_response_prepare.append(headers_for(settings.public_url))
    app.on_shutdown.append(events.close_lines)
    app.add_routes(_routes(app[STATIC]))
    app.add_routes(linked_files.routes())
    if app[SITE].demo is not None:
        app.add_routes(demo.routes())
    if watch is not None:
        app.add_routes(watch.routes())
    app.add_routes(webhooks)
    return app


def _routes(static: StaticFiles) -> list[web.RouteDef]:
    return [
        web.get("/", chat.home),
        web.get("/p/{ward}", chat.ward_home),
        web.get("/nhom/{key}", chat.room),
        web.get("/tep/{token}", shown_files.show),
        web.get("/healthz", health.healthz),
        web.get("/static/{version}/{name}", static.serve),
        web.get("/api/messages", api.get_messages),
        web.post("/api/messages", api.post_message),
        web.get("/api/events", events.events),
        web.post("/api/uploads", uploads.upload),
    ]
