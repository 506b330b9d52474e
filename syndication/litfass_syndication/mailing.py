"""A newsletter's way to all its subscribers: each mail stands between two lines in the postbook.

What surely was not sent waits for the next time; what may have been is told, by its line in the
file of subscribers, and not sent again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from litfass_syndication.announcement import Message
from litfass_syndication.errors import (
    OutcomeUnknown,
    RateLimited,
    SyndicationError,
    Unauthorised,
    Unfinished,
)
from litfass_syndication.network import Outgoing, Refusal
from litfass_syndication.postbook import Postbook, Step
from litfass_syndication.subscribers import Subscriber

_MOST_LINES = 10  # so many are named; who has more to mend will see them next time
_LATER = "The next run sends it to those who wait, and to nobody else."


@dataclass(frozen=True, slots=True)
class Round:
    """A mail's way to all subscribers, written down step by step."""

    message: Message
    key: str
    book: Postbook
    subscribers: tuple[Subscriber, ...]

    def left(self) -> Iterator[tuple[Subscriber, str]]:
        """Yield those to whom it is to be sent, and how they are called in the book."""
        steps = self._steps()
        for one, who in self._named():
            if steps.get(who, Step.WAITING) is Step.WAITING:
                yield one, who

    def send(
        self, outgoing: Outgoing, sender: str, to: Subscriber, who: str, mail: bytes
    ) -> Refusal | None:
        """Send it to one, between two lines in the book; raises SyndicationError."""
        self.book.write(self.key, who, Step.BEGUN)
        try:
            refusal = outgoing.send(sender, to.address, mail)
        except SyndicationError as error:
            if not isinstance(error, OutcomeUnknown):
                self.book.write(self.key, who, Step.WAITING)
            raise
        self.book.write(self.key, who, _reached(refusal))
        return refusal

    def require_end(self, failure: SyndicationError | None, refusal: Refusal | None) -> None:
        """Raise what stands between this round and its end, if anything does.

        `failure` is what broke it off, `refusal` the last one.
        """
        have, wait = len(self._at(Step.SENT)), len(self._at(Step.WAITING))
        doubtful = self._at(Step.BEGUN)
        said = f"{refusal.code}: {refusal.words}" if refusal else ""
        why = failure.message if failure else f"The server asks for a little time ({said})."
        if doubtful:
            raise self._doubt(doubtful, have, wait)
        if have and wait:
            far = f"{have} of {people(len(self.subscribers))} have it, {wait} wait. {why}"
            raise Unfinished(far, f"{failure.hint if failure else ''} {_LATER}".strip())
        if wait:
            raise failure or RateLimited(f"Nobody has it yet. {why}", "A later run tries again.")
        if not have:
            hint = "Are the addresses right, and does the server send mail elsewhere for you?"
            raise Unauthorised(f"{self.message.account}: nobody takes it ({said}).", hint)

    def notes(self) -> tuple[str, ...]:
        """Return what is to be mended in the file: who stands there and is nobody."""
        nobody = self._at(Step.REFUSED)
        if not nobody:
            return ()
        return (f"There is no such mailbox: {_lines(nobody)} of the subscribers. Take them out.",)

    def _doubt(self, doubtful: list[int], have: int, wait: int) -> OutcomeUnknown:
        rest = f" {wait} still wait: {_LATER}" if wait else ""
        return OutcomeUnknown(
            f"No answer came to the mail for {_lines(doubtful)} of the subscribers: it may have "
            f"arrived. {have} of {people(len(self.subscribers))} have it.{rest}",
            "It is not sent there again by itself. Settled with `--missing`, it goes to those who "
            "do not surely have it; with the post's own address as URL, all stays as it is.",
        )

    def _at(self, step: Step) -> list[int]:
        """Return the lines of those for whom it has come so far."""
        steps = self._steps()
        return [one.line for one, who in self._named() if steps.get(who, Step.WAITING) is step]

    def _steps(self) -> dict[str, Step]:
        return self.book.steps(self.key, self.message.post)

    def _named(self) -> Iterator[tuple[Subscriber, str]]:
        names = self.book.names(one.address for one in self.subscribers)
        return zip(self.subscribers, names, strict=True)


def _reached(refusal: Refusal | None) -> Step:
    if refusal is None:
        return Step.SENT
    return Step.WAITING if refusal.passing else Step.REFUSED


def _lines(numbers: list[int]) -> str:
    some = ", ".join(map(str, numbers[:_MOST_LINES]))
    more = " and more" if len(numbers) > _MOST_LINES else ""
    return f"line{'s' if len(numbers) > 1 else ''} {some}{more}"


def people(number: int) -> str:
    """Return so many subscribers in words."""
    return "1 subscriber" if number == 1 else f"{number} subscribers"
