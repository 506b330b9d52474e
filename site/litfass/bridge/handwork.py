"""Places where a person posts: what waits for her, a page to copy it from, and what she did."""

from __future__ import annotations

import logging

from litfass.bridge.borders import border
from litfass.bridge.syndication import Syndication
from litfass.settings import Blog
from litfass_syndication import desk
from litfass_syndication.account import Account
from litfass_syndication.announcement import Message
from litfass_syndication.by_hand import Manuscript, digest, manuscripts
from litfass_syndication.compose import compose
from litfass_syndication.durable import make_folder, replace
from litfass_syndication.ledger import Slot, Standing
from litfass_syndication.manual_page import page

PAGE = "syndication/manual.html"
"""Where the texts can be copied from with a click, seen from the blog's folder."""

_log = logging.getLogger(__name__)


def waiting(syndication: Syndication) -> tuple[Manuscript, ...]:
    """Return the texts that wait for a person to post them. Raises LitfassError."""
    places = [one.name for one in _places(syndication)]
    if not places:
        return ()
    outcomes = syndication.run(lambda _: None, dry_run=True, accounts=places)
    with border():
        return tuple(manuscripts(outcomes, syndication.announcements, syndication.accounts))


def pin_up(blog: Blog, syndication: Syndication) -> None:
    """Write the page of what waits, for a blog that has such a place. Raises LitfassError."""
    if not _places(syndication):
        return
    path = blog.root / PAGE
    content = page(waiting(syndication), path.parent).encode()
    try:
        make_folder(path.parent)
        replace(path, content)
    except OSError as error:
        # `litfass status` shows the same.
        _log.warning("%s cannot be written: %s", path, error.strerror or error)


def posted(syndication: Syndication, post: str, account: str, url: str) -> str:
    """Write down that a person has posted the text as it is now, and return it.

    `url` is where it is, or empty. Raises LitfassError.
    """
    with border():
        slot = syndication.slot(post, account)
        message = _message(syndication, slot)
        desk.posted(syndication.journal, slot, _digest(message), url, syndication.clock)
    return message.text if message else ""


def taken_down(syndication: Syndication, post: str, account: str) -> None:
    """Write down that what a person had posted is there no longer. Raises LitfassError."""
    with border():
        slot = syndication.slot(post, account)
        desk.taken_down(syndication.journal, slot, syndication.clock)


def never(syndication: Syndication, post: str, account: str) -> Standing:
    """Write down that a post is not to be announced, or that an older text may stay.

    Returns where it stands now. Raises LitfassError for what is in doubt, or announced as it is.
    """
    with border():
        slot = syndication.slot(post, account)
        text = _digest(_message(syndication, slot))
        return desk.never(syndication.journal, slot, text, syndication.clock)


def is_by_hand(syndication: Syndication, account: str) -> bool:
    """Tell whether the account is one where only a person posts."""
    return account in {one.name for one in _places(syndication)}


def _places(syndication: Syndication) -> tuple[Account, ...]:
    return tuple(one for one in syndication.accounts if one.network.capabilities.by_hand)


def _message(syndication: Syndication, slot: Slot) -> Message | None:
    """Return what a person would post now; None where the post is gone, or we post ourselves."""
    said = next((one for one in syndication.announcements if one.post == slot.post), None)
    place = next((one for one in _places(syndication) if one.name == slot.account), None)
    return compose(said, place, place.network.capabilities) if said and place else None


def _digest(message: Message | None) -> str:
    """Return what stands for a text that a person posts, empty where there is none."""
    return digest(message) if message else ""
