"""Rendering: `render` answers with a whole page, `fragment` with a part of one for htmx."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import CodeType, SimpleNamespace
from typing import Any, Final

from jinja2 import BytecodeCache, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from starlette.requests import Request
from starlette.responses import HTMLResponse

from rekam.web.assets import ASSETS
from rekam.web.format import filters
from rekam.web.i18n import _, language
from rekam.web.site import Person, Site

__all__ = ["environment", "fragment", "person_of", "render", "site_of"]

_TEMPLATES = Path(__file__).parent / "templates"


def render(
    request: Request, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **context: Any
) -> HTMLResponse:
    """A whole page from the place's own templates; see `_common` for what every page knows besides `context`."""
    return _answer(request, template, _common(request) | _surroundings(request) | context, status, headers)


def fragment(
    request: Request, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **context: Any
) -> HTMLResponse:
    """A part of a page; knows what `render` knows, but for menu, notice and bottom bar."""
    return _answer(request, template, _common(request) | context, status, headers)


def bare(request: Request, template: str, *, status: int, **context: Any) -> HTMLResponse:
    """A page that asks no store anything, for when a store is what failed."""
    return _answer(request, template, _common(request) | _NO_SURROUNDINGS | context, status, None)


def site_of(request: Request) -> Site:
    """The place that answers `request`."""
    site: Site = request.app.state.site
    return site


def person_of(request: Request) -> Person | None:
    """Who is signed in; the store is asked once per request."""
    if not hasattr(request.state, "person"):
        request.state.person = site_of(request).identify(request)
    person: Person | None = request.state.person
    return person


_NO_SURROUNDINGS: dict[str, Any] = {"person": None, "nav": (), "notice": None, "bar": None, "to_read": ()}


def _common(request: Request) -> dict[str, Any]:
    query = f"?{request.url.query}" if request.url.query else ""
    site = site_of(request)
    return {
        "request": request,
        "site": site,
        "language": language().value,
        "path": request.url.path,
        # where the language switch and an error page lead back to: a page that can be fetched
        "back": request.url.path + query if request.method == "GET" else "/",
        "now": site.clock.wall(),
    }


def _surroundings(request: Request) -> dict[str, Any]:
    site, person = site_of(request), person_of(request)
    roles = person.roles if person else frozenset()
    nav = [item for item in site.menu if not item.roles or item.roles & roles]
    return {
        "person": person,
        "nav": nav,
        "nav_here": next((item for item in nav if item.leads_to(request.url.path)), None),
        "notice": site.newest_notice(),
        "bar": site.bar() if site.bar else None,
        "to_read": site.to_read(request),
    }


def _answer(
    request: Request, template: str, context: dict[str, Any], status: int, headers: Mapping[str, str] | None
) -> HTMLResponse:
    pages: Environment = request.app.state.pages
    return HTMLResponse(pages.get_template(template).render(context | {"status": status}), status, headers)


class _Compiled(BytecodeCache):
    """Templates are compiled once a process, however many applications it opens (tests open hundreds)."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code


_COMPILED: Final = _Compiled()


def environment(site: Site, templates: Path | None = None, assets: Path | None = None) -> Environment:
    """Jinja with the place's folder first, then `shared/` and the components, which pages call as `ui.<macro>`.

    `asset("<kind>/x.js")` is the address of a file in the place's own `assets`, other paths lie in the common ones.
    """
    folders = [templates, _TEMPLATES] if templates else [_TEMPLATES]
    pages = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_COMPILED,
    )
    pages.filters.update(filters(site.zone))
    components = SimpleNamespace()

    def asset(path: str) -> str:
        own = assets and path.startswith(f"{site.kind}/")
        return _address(path, assets / path.partition("/")[2] if assets and own else ASSETS / path)

    pages.globals.update({"_": _, "asset": asset, "ui": components, "title": ""})
    for file in sorted((_TEMPLATES / "ui").glob("*.html")):
        module = pages.get_template(f"ui/{file.name}").module
        vars(components).update({name: part for name, part in vars(module).items() if not name.startswith("_")})
    return pages


@cache
def _address(path: str, file: Path) -> str:
    """The address changes with the file's content, so that browsers may keep it for ever."""
    version = hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.exists() else "missing"
    return f"/assets/{path}?v={version}"
