"""A network for tests, and posts to put up there."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from litfass_syndication.announcement import Announcement, Receipt
from litfass_syndication.capabilities import Capabilities, Dedupe, Measure, TextLimit
from litfass_syndication.network import Found, Network

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class PowerCutError(BaseException):
    """What a process that is killed never gets to handle."""


class Town(Network[None]):
    """A network whose server remembers all that was put up, and fails as it is told."""

    name = "town"
    title = "Town"
    options = type(None)
    capabilities = Capabilities(
        (TextLimit(200, Measure.CODE_POINTS),), Dedupe.NONE, edit=True, withdraw=True
    )

    def __init__(self, dedupe=Dedupe.NONE, key_seconds=3600, **changes):
        super().__init__(None, None)
        self.capabilities = dataclasses.replace(
            Town.capabilities, dedupe=dedupe, key_seconds=key_seconds, **changes
        )
        self.columns = []
        self.keys = {}
        self.edits = []
        self.before = []  # errors raised instead of taking the message, in turn
        self.after = []  # errors raised when the message was taken
        self.listing_complete = True

    @property
    def posts(self):
        return Counter(message.post for message in self.columns)

    def publish(self, message, key):
        if self.before and (error := self.before.pop(0)):
            raise error
        dedupe = self.capabilities.dedupe
        if dedupe is Dedupe.CONTENT:
            key = f"{key} {message.digest}"
        if dedupe in {Dedupe.LOOKUP, Dedupe.NONE} or key not in self.keys:
            self.columns.append(message)
            self.keys[key] = str(len(self.columns))
        if self.after and (error := self.after.pop(0)):
            raise error
        return self._receipt(self.keys[key])

    def find(self, message, key, since):
        if self.capabilities.dedupe is Dedupe.NONE:
            return super().find(message, key, since)
        for number, there in enumerate(self.columns, 1):
            if there.url == message.url:
                return Found(self._receipt(str(number)), complete=True)
        return Found(None, complete=self.listing_complete)

    def edit(self, receipt, message):
        if self.before and (error := self.before.pop(0)):
            raise error
        self.edits.append((receipt.identifier, message.text))
        return receipt

    def withdraw(self, receipt):
        self.columns[int(receipt.identifier) - 1] = None

    def _receipt(self, identifier):
        return Receipt(identifier, f"https://town.example/{identifier}")


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now


def post(name="hello", *, age=DAY, **changes):
    defaults = {
        "post": name,
        "url": f"https://blog.example/{name}/",
        "title": f"About {name}",
        "published": START - age,
        "revision": "r1",
    }
    return Announcement(**defaults | changes)


def results(outcomes):
    return [str(outcome.outcome) for outcome in outcomes]


COUNTING = [dedupe for dedupe in Dedupe if dedupe is not Dedupe.REPEAT]  # where twice is not once
EVERY_DEDUPE = pytest.mark.parametrize("dedupe", COUNTING)
