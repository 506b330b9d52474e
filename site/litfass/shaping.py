"""What settings make of a blog: its site, and the shape of its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from litfass.brief import Options
from litfass.documents import Rules
from litfass.model import StandingPage
from litfass.pages import Shape, Site
from litfass.routes import site_of
from litfass.settings import Blog
from litfass.theme import Theme


def shape_of(  # noqa: PLR0913 - all that a menu is made of
    blog: Blog,
    bare: Site,
    rules: Rules,
    theme: Theme,
    pages: Sequence[StandingPage],
    *,
    archive: bool,
    tags: bool,
    hubs: tuple[str, ...],
) -> Shape:
    """Return the shape of a blog's pages, menus included, and of its feeds."""
    settings = blog.settings.build
    say = partial(theme.say, language=bare.language)
    shape = Shape(bare, rules.terms, settings.page_size, settings.feed_size, say, hubs)
    return replace(shape, site=site_of(shape, pages, archive=archive, tags=tags))


def bare_site(blog: Blog, options: Options) -> Site:
    """Return the site without its menus."""
    own = blog.settings.site
    own = replace(own, url=options.url or own.url)
    return Site(
        title=own.title,
        url=own.address,
        base=own.base,
        language=own.language,
        author=own.author,
        email=own.email,
        description=own.description,
        timezone=own.timezone,
        copyright=own.copyright,
        extra=own.extra,
    )
