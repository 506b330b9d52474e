"""A hub on loopback, until standard input ends; prints {"url": …} when ready.

Runs with the Python into whose environment it is installed; its argument is an empty folder for
its data. Its tasks run in threads, where a larger hub would have Celery.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

from flask import Flask
from flask_websub.hub import Hub, SQLite3HubStorage
from werkzeug.serving import make_server


class Task:
    """Something that the hub does after it has answered; what fails is not tried again."""

    def __init__(self, work, *, bound):
        self._work = work
        self._first = (self,) if bound else ()

    def delay(self, *arguments):
        """Begin it."""
        threading.Thread(target=self._work, args=(*self._first, *arguments), daemon=True).start()


class Tasks:
    """What the hub takes for Celery."""

    def task(self, *, bind=False, **_options):
        """Return what makes a task of a function."""
        return lambda work: Task(work, bound=bind)


def _stop_when_nobody_listens():
    sys.stdin.read()
    os._exit(0)


def main():
    """Run until standard input ends."""
    app = Flask("hub")
    app.config["PUBLISH_SUPPORTED"] = True
    storage = SQLite3HubStorage(str(Path(sys.argv[1]).absolute() / "hub.db"))
    hub = Hub(storage, Tasks(), **app.config)
    app.register_blueprint(hub.build_blueprint(url_prefix="/hub"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=_stop_when_nobody_listens, daemon=True).start()
    print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}/hub"}), flush=True)  # noqa: T201
    server.serve_forever()


main()
