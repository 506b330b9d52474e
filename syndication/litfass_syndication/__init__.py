"""Announcements for the networks: composed to fit, sent once, written down.

Knows nothing of how a blog is made. Whoever has something to announce hands over
`Announcement` values and `Account` values, and gets outcomes back.
"""
