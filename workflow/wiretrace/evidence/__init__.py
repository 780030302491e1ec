"""WARC in and out: the only truth that later stages read. Opens no socket."""

from wiretrace.evidence.imports import import_archives
from wiretrace.evidence.index import Opened, index, open_capture, record_id
from wiretrace.evidence.revisit import Earlier, earlier
from wiretrace.evidence.seal import seal, verified, verify
from wiretrace.evidence.stamp import check as check_stamps
from wiretrace.evidence.wacz import export
from wiretrace.evidence.warc import DamageError, packed_record
from wiretrace.evidence.writer import EvidenceWriter, Exchange, Lookup

__all__ = [
    "DamageError",
    "Earlier",
    "EvidenceWriter",
    "Exchange",
    "Lookup",
    "Opened",
    "check_stamps",
    "earlier",
    "export",
    "import_archives",
    "index",
    "open_capture",
    "packed_record",
    "record_id",
    "seal",
    "verified",
    "verify",
]
