"""A site that takes Micropub, on loopback, until standard input ends; prints {"url": …, …}.

Runs with the Python into whose environment it is installed; its argument is an empty folder for
its data. What it keeps is in memory. `/entries.json` has all of it, `/entries/N/` are the pages.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import include, path

DATA = Path(sys.argv[1]).absolute()
TOKENS = {"token": "create update delete media", "reader": "read"}

settings.configure(
    SECRET_KEY=os.urandom(16).hex(),
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        *("django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sites"),
        "indieweb",
    ],
    SITE_ID=1,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA / "site.db"}},
    MEDIA_ROOT=DATA / "media",
    MEDIA_URL="/media/",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INDIEWEB_MICROPUB_HANDLER=f"{__name__}.one_handler",
    INDIEWEB_RATE_LIMITS={},
)
django.setup()

# ruff: noqa: E402 - all of these want the settings
from django.contrib.auth.models import User
from indieweb.handlers import InMemoryMicropubHandler
from indieweb.models import Token


class Handler(InMemoryMicropubHandler):
    """Knows its entries by whole addresses, as clients name them."""

    def create_entry(self, properties, user):
        entry = super().create_entry(properties, user)
        entry.url = f"http://127.0.0.1:{PORT}{entry.url}"
        self.entries = {one.url: one for one in self.entries.values()}
        return entry


HANDLER = Handler()


def one_handler():
    """Return the one that keeps everything."""
    return HANDLER


def home(request):
    """Show a front page that says where its Micropub is."""
    return HttpResponse('<link rel="micropub" href="/indieweb/micropub/"><h1>A site</h1>')


def entries(request):
    """Tell all that is there."""
    return JsonResponse({url: one.properties for url, one in HANDLER.entries.items()})


def entry(request, number):
    """Show a page, if it is there."""
    if request.build_absolute_uri() not in HANDLER.entries:
        raise Http404
    return HttpResponse("<h1>An entry</h1>")


urlpatterns = [
    path("", home),
    path("entries.json", entries),
    path("entries/<int:number>/", entry),
    path("indieweb/", include("indieweb.urls")),
]


class Quiet(WSGIRequestHandler):
    """Does not write down who asks."""

    def log_message(self, *_):
        """Stay silent."""


def _tokens():
    user = User.objects.create_user("me")
    for key, scope in TOKENS.items():
        client = f"https://{key}.example/"
        Token.objects.create(key=key, owner=user, client_id=client, me="http://me/", scope=scope)


def _stop_when_nobody_listens():
    sys.stdin.read()
    os._exit(0)


call_command("migrate", verbosity=0)
_tokens()
SERVER = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
PORT = SERVER.server_port
threading.Thread(target=_stop_when_nobody_listens, daemon=True).start()
print(json.dumps({"url": f"http://127.0.0.1:{PORT}"}), flush=True)  # noqa: T201
SERVER.serve_forever()
