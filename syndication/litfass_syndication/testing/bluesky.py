"""A server of the AT Protocol of our own, for tests: one account and its records, in memory."""

from __future__ import annotations

from typing import Any

from litfass_syndication.testing.wire import Reply, Request

DID = "did:plc:werkstatt"
PUT = "/xrpc/com.atproto.repo.putRecord"
DELETE = "/xrpc/com.atproto.repo.deleteRecord"
LIST = "/xrpc/com.atproto.repo.listRecords"
UPLOAD = "/xrpc/com.atproto.repo.uploadBlob"
LOG_IN = "/xrpc/com.atproto.server.createSession"
RENEW = "/xrpc/com.atproto.server.refreshSession"
WHOAMI = "/xrpc/com.atproto.server.getSession"
RESOLVE = "/xrpc/com.atproto.identity.resolveHandle"


def refusal(name: str, message: str, status: int = 400) -> Reply:
    """Return how the server refuses, with its name for the reason."""
    return Reply.of({"error": name, "message": message}, status)


class BlueskyServer:
    """Keeps records by their addresses. `expired` tokens are refused; `refuse` answers by path."""

    def __init__(self, **session: object) -> None:
        self.session = {"did": DID, "handle": "werkstatt.example", "active": True} | session
        self.records: dict[str, Any] = {}
        self.tokens = 0
        self.expired: set[str] = set()
        self.refuse: dict[str, Reply] = {}

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        path = request.path
        if path in self.refuse:
            return self.refuse[path]
        if request.headers.get("authorization", "").removeprefix("Bearer ") in self.expired:
            return refusal("ExpiredToken", "Token has expired")
        if path in {LOG_IN, RENEW}:
            return self._entered()
        if path == UPLOAD:
            return Reply.of({"blob": {"$type": "blob", "size": len(request.content)}})
        if path == RESOLVE:
            return Reply.of({"did": f"did:plc:{request.query['handle'].partition('.')[0]}"})
        if path == WHOAMI:
            return Reply.of(self.session)
        return self._repository(request)

    def _entered(self) -> Reply:
        self.tokens += 1
        tokens = {f"{kind}Jwt": f"{kind}-token-{self.tokens}" for kind in ("access", "refresh")}
        return Reply.of(self.session | tokens)

    def _repository(self, request: Request) -> Reply:
        if request.path == LIST:
            return self._listed(request)
        body = request.json() if request.content else request.query
        uri = f"at://{body['repo']}/{body['collection']}/{body['rkey']}"
        if request.path == DELETE:
            self.records.pop(uri, None)
            return Reply.of({})
        if request.path == PUT and self.records.setdefault(uri, body["record"]) != body["record"]:
            return refusal("InvalidSwap", "Record was at another version")
        if uri not in self.records:
            return refusal("RecordNotFound", "Could not locate record")
        return Reply.of({"uri": uri, "cid": "bafy", "value": self.records[uri]})

    def _listed(self, request: Request) -> Reply:
        """List the newest first; where there are more, the cursor is the last one's key."""
        most, before = int(request.query["limit"]), request.query.get("cursor", "~")
        keys = {uri.rpartition("/")[2]: uri for uri in self.records}
        page = sorted((key for key in keys if key < before), reverse=True)[:most]
        records = [{"uri": keys[key], "value": self.records[keys[key]]} for key in page]
        return Reply.of({"records": records, **({"cursor": page[-1]} if page else {})})
