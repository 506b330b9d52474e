"""Requests held against a network's own machine-readable description (OpenAPI 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl, unquote

from litfass_syndication.testing.wire import Request

Schema = Mapping[str, Any]


class Description:
    """What a network says of its requests, with all references resolved.

    Stricter than OpenAPI itself: what is not described is an error, so that a misspelt field is
    found, which a real server would silently leave out.
    """

    def __init__(self, document: Schema) -> None:
        self._paths: Schema = document["paths"]

    def check(self, request: Request) -> None:
        """Raise AssertionError, naming what is wrong, if the description does not allow this."""
        operation = self._operation(request)
        wrong = [*_wrong_parameters(operation, request), *_wrong_body(operation, request)]
        if wrong:
            raise AssertionError(f"{request.method} {request.path}: {'; '.join(wrong)}")

    def _operation(self, request: Request) -> Schema:
        """Return the operation; a path that is spelt out comes before one with a variable."""
        for template in sorted(self._paths, key=lambda path: path.count("{")):
            pattern = re.sub(r"\\{[^/]+\\}", "[^/]+", re.escape(template))
            operation = self._paths[template].get(request.method.lower())
            if operation is not None and re.fullmatch(pattern, request.path):
                return dict(operation)
        raise AssertionError(f"{request.method} {request.path} is not described.")


def fields(request: Request) -> dict[str, bytes]:
    """Return the parts of a multipart body by their names."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    whole = BytesParser(policy=HTTP).parsebytes(head + request.content)
    return {
        unquote(str(part.get_param("name", header="content-disposition"))): bytes(
            part.get_payload(decode=True) or b""
        )
        for part in whole.iter_parts()
    }


def _wrong_parameters(operation: Schema, request: Request) -> Iterator[str]:
    described = {
        (each["in"], each["name"].lower()): each for each in operation.get("parameters", ())
    }
    for name, value in request.query.items():
        parameter = described.get(("query", name.lower()))
        if parameter is None:
            yield f'no parameter "{name}" is described'
        else:
            yield from _invalid(parameter["schema"], _typed(value, parameter["schema"]), name)
    for (place, name), parameter in described.items():
        sent = request.query if place == "query" else request.headers
        if parameter.get("required") and place != "path" and name not in sent:
            yield f'"{name}" is missing'


def _typed(value: str, schema: Schema) -> object:
    """Read a parameter as the type that it should have, if it can be."""
    if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    if schema.get("type") == "boolean":
        return {"true": True, "false": False}.get(value, value)
    return value


def _wrong_body(operation: Schema, request: Request) -> Iterator[str]:
    described = operation.get("requestBody")
    if not request.content:
        if described and described.get("required"):
            yield "it has no body"
        return
    kind = request.headers.get("content-type", "").partition(";")[0]
    content = (described or {}).get("content", {}).get(kind)
    if content is None:
        yield f"no body of type {kind} is described"
        return
    yield from _invalid(content["schema"], _body(request, kind), "body")


def _body(request: Request, kind: str) -> object:
    """Read a body; of what a multipart one has, only the names are described."""
    if kind == "application/json":
        return request.json()
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(request.content.decode(), keep_blank_values=True))
    return dict.fromkeys(fields(request), "")


def _invalid(schema: Schema, value: object, name: str) -> Iterator[str]:
    import jsonschema  # type: ignore[import-untyped]  # noqa: PLC0415

    errors = jsonschema.Draft202012Validator(_closed(schema)).iter_errors(value)
    error = jsonschema.exceptions.best_match(errors)
    if error:
        yield f"{name}: {error.message}"


def _closed(schema: Schema) -> dict[str, Any]:
    """Return the schema so that an object has nothing but what is described."""
    parts = [_closed(part) for part in schema.get("allOf", ())]
    if parts:
        properties = {name: each for part in parts for name, each in part["properties"].items()}
        required = [name for part in parts for name in part.get("required", ())]
        return _object(properties, required)
    # Of several forms, one fits whole; that another would fit, too, is no mistake.
    forms = [*schema.get("oneOf", ()), *schema.get("anyOf", ())]
    if forms:
        return {"anyOf": [_closed(form) for form in forms]}
    if "properties" in schema:
        closed = {name: _closed(each) for name, each in schema["properties"].items()}
        return _object(closed, schema.get("required", ()))
    if "items" in schema:
        return {**schema, "items": _closed(schema["items"])}
    return dict(schema)


def _object(properties: Schema, required: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }
