"""A server's words, as a person can read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass_syndication.complaint import complaint


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", ""),
        (b'{"error": "Record not found"}', "Record not found"),
        (
            b'{"error": "InvalidRequest", "message": "No such handle"}',
            "InvalidRequest: No such handle",
        ),
        (b'{"error": "invalid_grant", "error_description": "Expired."}', "invalid_grant: Expired."),
        (b'{"error": {"message": "Token expired", "code": 190}}', "Token expired"),
        (b'{"errors": [{"message": "Too long"}, {"message": "Too loud"}]}', "Too long: Too loud"),
        (
            b'{"error": {"message": "(#100) Bad", "error_user_msg": "Zu lang."}}',
            "(#100) Bad: Zu lang.",
        ),
        (b'{"error": "Same", "message": "Same"}', "Same"),
        (b'{"error": "<b>No</b> &amp; no"}', "No & no"),
        (b'{"ok": false, "code": 5}', ""),
        (b"[1, 2]", ""),
        (
            b"<html><head><title>502</title><style>p{}</style></head><p>Bad\n Gateway",
            "502 Bad Gateway",
        ),
        (b"<script>alert(1)</script>Wartung", "Wartung"),
        (b"Too many requests\n", "Too many requests"),
        (b"<h1>Wartung</h1><![x[", "Wartung"),
        (b"Gr\xfc\xdfe", "Gr��e"),
        (b"\x1b[31mred \x00 text", "text"),
        (b"[" * 100_000, "[" * 100_000),
    ],
)
def test_what_is_left_of_a_body(body, words):
    assert complaint(body) == words


@given(st.binary())
def test_whatever_comes_is_one_printable_line(body):
    assert complaint(body).isprintable()
