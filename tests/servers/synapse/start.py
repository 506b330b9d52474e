"""A home server of Matrix on loopback, until standard input ends; prints {"url": …} when ready.

Runs with the Python into whose environment it is installed; its argument is an empty folder for
its data.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from base64 import b64encode
from pathlib import Path

from synapse.app import _base, homeserver
from synapse.logging.context import LoggingContext

AMPLE = {"per_second": 1000, "burst_count": 1000}


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _settings(data, port):
    """Return the settings: open to everyone who asks, and strict with who sends too much."""
    log = {
        "version": 1,
        "handlers": {"errors": {"class": "logging.StreamHandler", "level": "ERROR"}},
        "root": {"handlers": ["errors"]},
    }
    (data / "log.yaml").write_text(json.dumps(log), "utf-8")
    listener = {"type": "http", "port": port, "bind_addresses": ["127.0.0.1"]}
    return {
        "server_name": "localhost",
        "report_stats": False,
        "listeners": [{**listener, "resources": [{"names": ["client", "media"]}]}],
        "database": {"name": "sqlite3", "args": {"database": str(data / "server.db")}},
        "media_store_path": str(data / "media"),
        "log_config": str(data / "log.yaml"),
        "pid_file": str(data / "server.pid"),
        "signing_key": f"ed25519 a_test {b64encode(os.urandom(32)).decode().rstrip('=')}",
        "macaroon_secret_key": os.urandom(16).hex(),
        "form_secret": os.urandom(16).hex(),
        "trusted_key_servers": [],
        "enable_registration": True,
        "enable_registration_without_verification": True,
        "max_upload_size": "2M",
        "rc_registration": AMPLE,
        "rc_login": {"address": AMPLE, "account": AMPLE, "failed_attempts": AMPLE},
        "rc_joins": {"local": AMPLE, "remote": AMPLE},
    }


def _stop_when_nobody_listens():
    sys.stdin.read()
    os._exit(0)


def main():
    """Run until standard input ends."""
    data, port = Path(sys.argv[1]).absolute(), _free_port()
    settings = data / "server.yaml"
    settings.write_text(json.dumps(_settings(data, port)), "utf-8")
    config = homeserver.load_or_generate_config(["--config-path", str(settings)])
    with LoggingContext(name="main", server_name="localhost"):
        server = homeserver.create_homeserver(config)
        homeserver.setup(server)

        async def start():
            await homeserver.start(server)
            print(json.dumps({"url": f"http://127.0.0.1:{port}"}), flush=True)  # noqa: T201

        _base.register_start(server, start)
    threading.Thread(target=_stop_when_nobody_listens, daemon=True).start()
    homeserver.start_reactor(config)


main()
