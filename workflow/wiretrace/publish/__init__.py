"""Publish: claims and changes over all tables, frozen as versions that never change, in forms that people open."""

from wiretrace.publish.differences import changes
from wiretrace.publish.drafts import claims
from wiretrace.publish.verify import verify_version
from wiretrace.publish.versions import facts, ledger, publish

__all__ = ["changes", "claims", "facts", "ledger", "publish", "verify_version"]
