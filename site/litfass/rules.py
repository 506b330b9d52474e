"""What settings make of a blog's files: the rules for its documents."""

from __future__ import annotations

from dataclasses import replace

from litfass.brief import Options
from litfass.documents import Rules
from litfass.settings import Blog


def rules_of(blog: Blog, options: Options) -> Rules:
    """Return the settings that decide what a file becomes."""
    own, shape = blog.settings.site, blog.settings.build
    own = replace(own, url=options.url or own.url)
    return Rules(
        language=own.language,
        zone=own.zone,
        authors=(own.author,) if own.author else (),
        site_url=own.address,
        base=own.base,
        posts=shape.permalink,
        pages=shape.page_permalink,
        terms={
            "tag": shape.tag_permalink,
            "category": shape.category_permalink,
            "author": shape.author_permalink,
            "series": shape.series_permalink,
        },
    )
