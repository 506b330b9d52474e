"""A request that a network's description does not have is found out."""

from __future__ import annotations

import json

import pytest

from litfass_syndication.testing import Description, Request

STRING = {"type": "string"}
POST = {
    "parameters": [{"name": "Key", "in": "header", "required": True, "schema": STRING}],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "oneOf": [
                        {
                            "allOf": [
                                {"properties": {"shown": {"enum": ["all", "none"]}}},
                                {"properties": {"text": STRING}, "required": ["text"]},
                            ]
                        },
                        {
                            "properties": {
                                "parts": {
                                    "type": "array",
                                    "items": {"properties": {"id": STRING}, "required": ["id"]},
                                }
                            },
                            "required": ["parts"],
                        },
                    ]
                }
            },
            "multipart/form-data": {"schema": {"properties": {"file": STRING}}},
            "application/x-www-form-urlencoded": {"schema": {"properties": {"kind": STRING}}},
        },
    },
}
COUNT = {"name": "count", "in": "query", "schema": {"type": "integer"}}
DEEP = {"name": "deep", "in": "query", "schema": {"type": "boolean"}}
DESCRIPTION = Description(
    {
        "paths": {
            "/posts": {"post": POST},
            "/posts/{id}": {"get": {"parameters": [COUNT, DEEP]}},
            "/posts/mine": {"get": {}},
        }
    }
)
JSON = {"content-type": "application/json", "key": "k"}
FORM = {"content-type": "multipart/form-data; boundary=x", "key": "k"}
URL_ENCODED = {"content-type": "application/x-www-form-urlencoded", "key": "k"}


def post(body, headers=JSON):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request("POST", "https://a.example/posts", headers, content)


def part(name):
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return head.encode() + b"\x89PNG\r\n--x--\r\n"


def get(path):
    return Request("GET", f"https://a.example{path}", {}, b"")


@pytest.mark.parametrize(
    "request_",
    [
        post({"text": "a"}),
        post({"text": "a", "shown": "all"}),
        post({"parts": [{"id": "1"}]}),
        post(part("file"), FORM),
        post(b"kind=a%20b", URL_ENCODED),
        get("/posts/7?count=-3&deep=true"),
        get("/posts/mine"),
    ],
)
def test_what_is_described_passes(request_):
    DESCRIPTION.check(request_)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (post({"text": "a", "show": "all"}), "show"),
        (post({"text": "a", "shown": "friends"}), "friends"),
        (post({"text": 1}), "1 is not of type"),
        (post({"parts": [{"id": "1", "alt": "b"}]}), "alt"),
        (post({"parts": [{}]}), "id"),
        (post({}), "body"),
        (post(b""), "no body"),
        (post({"text": "a"}, {"content-type": "application/json"}), '"key" is missing'),
        (post(b"text=a", {"content-type": "text/plain", "key": "k"}), "text/plain"),
        (post(part("files"), FORM), "files"),
        (post(b"kind=a&sort=b", URL_ENCODED), "sort"),
        (get("/posts/7?counts=3"), "counts"),
        (get("/posts/7?count=many"), "many"),
        (get("/posts/7?deep=1"), "deep"),
        (get("/posts/mine?count=3"), "count"),
        (get("/post/7"), "not described"),
        (Request("PUT", "https://a.example/posts", JSON, b"{}"), "not described"),
    ],
)
def test_what_is_not_described_is_named(request_, words):
    with pytest.raises(AssertionError, match=words):
        DESCRIPTION.check(request_)
