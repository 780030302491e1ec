"""TXT records as they are presented (RFC 1035, section 5.1): one or more strings in quotation marks."""

from __future__ import annotations

import re

STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def joined(data: str) -> str:
    """The strings of a record as one, without their quotation marks; ``data`` itself where it has none."""
    return "".join(STRING.findall(data)) or data
