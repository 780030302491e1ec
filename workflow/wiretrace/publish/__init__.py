"""Publish: claims and changes over all tables, frozen as versions that never change, in forms that people open."""

from wiretrace.publish.comparison import compare, newest, to_csv
from wiretrace.publish.differences import changes
from wiretrace.publish.drafts import claims
from wiretrace.publish.shelf import Shelf
from wiretrace.publish.site_view import site_view
from wiretrace.publish.verify import verify_version
from wiretrace.publish.versions import facts, ledger, publish

__all__ = [
    "Shelf",
    "changes",
    "claims",
    "compare",
    "facts",
    "ledger",
    "newest",
    "publish",
    "site_view",
    "to_csv",
    "verify_version",
]
