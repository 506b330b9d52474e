"""Pelican's blog of the benchmark; PELICAN_CACHE in the environment switches its cache on."""

import os

SITENAME = "Benchmark"
SITESUBTITLE = "A blog to be measured by"
SITEURL = "https://example.org"
DEFAULT_LANG = "en"
TIMEZONE = "UTC"

PATH = "content"
ARTICLE_PATHS = ["posts"]
STATIC_PATHS = ["images"]
PAGE_PATHS: list[str] = []
OUTPUT_PATH = "output"
THEME = "theme"
THEME_STATIC_DIR = "."
PLUGINS = ["pelican.plugins.neighbors", "pelican.plugins.sitemap"]
SITEMAP = {"format": "xml"}

# A page for each post and tag, the front page by tens, one feed: no more than the others make.
ARTICLE_URL = "posts/{slug}/"
ARTICLE_SAVE_AS = ARTICLE_URL + "index.html"
TAG_URL = "tags/{slug}/"
TAG_SAVE_AS = TAG_URL + "index.html"
TAGS_SAVE_AS = "tags/index.html"
AUTHOR_SAVE_AS = AUTHORS_SAVE_AS = CATEGORY_SAVE_AS = CATEGORIES_SAVE_AS = ARCHIVES_SAVE_AS = ""
DIRECT_TEMPLATES = ["index", "tags"]
PAGINATED_TEMPLATES = {"index": None}
DEFAULT_PAGINATION = 10
PAGINATION_PATTERNS = [
    (1, "{base_name}/", "{base_name}/index.html"),
    (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
]
FEED_ALL_ATOM = "feed.xml"
CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
FEED_MAX_ITEMS = 20

DEFAULT_DATE_FORMAT = "%d %B %Y"
MARKDOWN = {
    "extension_configs": {
        "markdown.extensions.meta": {},
        "markdown.extensions.fenced_code": {},
        "markdown.extensions.codehilite": {"css_class": "codehilite", "guess_lang": False},
        "markdown.extensions.footnotes": {},
        "markdown.extensions.smarty": {},
        "markdown.extensions.tables": {},
        "markdown.extensions.toc": {},
    },
    "output_format": "html5",
}

if layer := os.environ.get("PELICAN_CACHE"):
    CACHE_CONTENT = LOAD_CONTENT_CACHE = True
    CONTENT_CACHING_LAYER = layer
    CHECK_MODIFIED_METHOD = "mtime"
