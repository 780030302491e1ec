"""Which autonomous system announces an address, as two sources say it.

Team Cymru's service over DNS (https://www.team-cymru.com/ip-asn-mapping) has TXT records of the reversed address below
``origin.asn.cymru.com``, of the nibbles of an IPv6 address below ``origin6.asn.cymru.com``, one for each prefix that
covers it, with several systems parted by spaces: ``23028 | 192.0.2.0/24 | US | arin | 1998-09-25``. Tables of ranges as
https://iptoasn.com offers them have first and last address, number, country and name, parted by tabs; number 0 is none.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

ORIGINS = ("origin.asn.cymru.com", "origin6.asn.cymru.com")
NAMES = "asn.cymru.com"
ANSWER = re.compile(
    r"(\d{1,10}(?: \d{1,10}){0,20}) \| ([0-9A-Fa-f.:]{2,39}/\d{1,3}) \|[^|]{0,20}\|[^|]{0,20}\|[^|]{0,20}"
)
NAME = re.compile(r"(\d{1,10}) \|[^|]{0,20}\|[^|]{0,20}\|[^|]{0,20}\| (.{1,300})")
LARGEST = 2**32 - 1


@dataclass(frozen=True)
class Origin:
    """Numbers of the systems that announce a prefix, the prefix (or range), and their holder where it is said."""

    numbers: tuple[int, ...]
    prefix: str
    holder: str = ""


def question(address: str) -> str:
    """Name whose TXT records tell who announces ``address``.

    Raises:
        ValueError: it is no IP address.
    """
    parsed = ipaddress.ip_address(address)
    labels = parsed.reverse_pointer.rpartition(".")[0].rpartition(".")[0]
    return f"{labels}.{ORIGINS[parsed.version == 6]}"


def asked(name: str) -> str:
    """Address that ``question`` made ``name`` of; '' where it made it of none."""
    labels, _, zone = name.lower().rstrip(".").partition(".origin")
    parts = labels.split(".")[::-1]
    groups = ["".join(parts[at : at + 4]) for at in range(0, len(parts), 4)]
    text = ".".join(parts) if f"origin{zone}" == ORIGINS[0] else ":".join(groups)
    try:
        found = str(ipaddress.ip_address(text))
    except ValueError:
        return ""
    return found if question(found) == name.lower().rstrip(".") else ""


def announced(texts: Iterable[str], address: str) -> Origin | None:
    """The origin of the most specific prefix around ``address`` in TXT records; None where they tell none.

    Routers take the most specific one; the others are what is announced around it.
    """
    best: tuple[int, Origin] | None = None
    for text in texts:
        match = ANSWER.fullmatch(text.strip())
        try:
            network = ipaddress.ip_network(match[2], strict=False) if match else None
        except ValueError:
            continue
        if match and network and ipaddress.ip_address(address) in network:
            numbers = _numbers(match[1].split(" "))
            if numbers and (best is None or network.prefixlen > best[0]):
                best = network.prefixlen, Origin(numbers, str(network))
    return best[1] if best else None


def _numbers(texts: Iterable[str]) -> tuple[int, ...]:
    return tuple(sorted({int(text) for text in texts if 0 < int(text) <= LARGEST}))


def holder(texts: Iterable[str], number: int) -> str:
    """Name of the system ``number`` in TXT records of ``AS…`` below NAMES; '' where they tell none."""
    for text in texts:
        match = NAME.fullmatch(text.strip())
        if match and int(match[1]) == number:
            return match[2].strip()
    return ""


def ranged(line: str, address: str) -> Origin | None:
    """The origin that one line of a table of ranges says, where ``address`` lies in it."""
    fields = line.rstrip("\r\n").split("\t")
    if len(fields) < 5 or not re.fullmatch(r"\d{1,10}", fields[2]):
        return None
    try:
        first, last, wanted = (ipaddress.ip_address(text) for text in (*fields[:2], address))
    except ValueError:
        return None
    numbers = _numbers([fields[2]])
    inside = first.version == last.version == wanted.version and int(first) <= int(wanted) <= int(last)
    return Origin(numbers, f"{first}-{last}", fields[4].strip()[:300]) if numbers and inside else None
