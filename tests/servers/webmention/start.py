"""A site on loopback that takes webmentions, until its input ends; prints {"url": …} when ready.

Runs with the Python into whose environment it is installed; its argument is an empty folder for
its data. `/pages/NAME` are its pages, `/taken` looks at what it was told, and says what it took.
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
from django.http import HttpResponse, JsonResponse
from django.urls import include, path

urlpatterns = []  # filled in when Django is ready


def page(request, name):
    """Show a page; the middleware says where it wants to be told."""
    del request
    return HttpResponse(f"<title>{name}</title>")


def taken(request):
    """Look at the pages that are said to link here, and say which do."""
    from mentions.models import Webmention  # noqa: PLC0415 - Django has to be ready
    from mentions.tasks.scheduling import handle_pending_webmentions  # noqa: PLC0415

    del request
    handle_pending_webmentions(outgoing=False)
    found = Webmention.objects.order_by("id").values("source_url", "target_url", "validated")
    return JsonResponse({"mentions": list(found)})


class Silent(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, *_):
        """Stay silent."""


def _configure(data, port):
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": data / "site.db"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DOMAIN_NAME=f"127.0.0.1:{port}",
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "mentions"],
        MIDDLEWARE=["mentions.middleware.WebmentionHeadMiddleware"],
        ROOT_URLCONF=__name__,
        SECRET_KEY=os.urandom(16).hex(),
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        ],
        WEBMENTIONS={"USE_CELERY": False, "AUTO_APPROVE": True, "URL_SCHEME": "http"},
    )
    django.setup()
    call_command("migrate", verbosity=0)
    urlpatterns.extend(
        [
            path("pages/<name>", page),
            path("taken", taken),
            path("webmention/", include("mentions.urls")),
        ]
    )


def _stop_when_nobody_listens():
    sys.stdin.read()
    os._exit(0)


def main():
    """Run until standard input ends."""
    server = make_server("127.0.0.1", 0, None, handler_class=Silent)
    _configure(Path(sys.argv[1]).absolute(), server.server_port)
    server.set_app(get_wsgi_application())
    threading.Thread(target=_stop_when_nobody_listens, daemon=True).start()
    print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}"}), flush=True)  # noqa: T201
    server.serve_forever()


if __name__ == "__main__":
    main()
