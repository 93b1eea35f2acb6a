"""read: the walk through what a customer sent: folders, archives and single files, as one stream of items.

limits   what one walk may spend
items    what it gives: a member to read, or a file left alone with the reason
walk     sources and folders
archives what is packed how, and the way into it; zips, zip_gaps, torn_zip, tars, unpack do the work
held     sources that can be read once only, kept for a second reading
"""

from __future__ import annotations

from .items import Item, Member, Readable, Source, Unread, as_list
from .limits import FLAGS, Budget, LimitReached, Limits
from .walk import walk

__all__ = [
    "FLAGS",
    "Budget",
    "Item",
    "LimitReached",
    "Limits",
    "Member",
    "Readable",
    "Source",
    "Unread",
    "as_list",
    "walk",
]
