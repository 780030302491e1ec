"""The only room that opens sockets: crawl, look-ups, web archive; all that comes back is archived before it is read."""

from wiretrace.acquire.shard import Summary, acquire_shard
from wiretrace.acquire.stamp import stamp, stamp_and_tell

__all__ = ["Summary", "acquire_shard", "stamp", "stamp_and_tell"]
