"""What an image file says in its metadata: PNG text chunks, EXIF, XMP. Bounded; pixels are never decoded."""

from __future__ import annotations

import io
import re
import warnings
import zlib
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from PIL import ExifTags, Image, UnidentifiedImageError

from wiretrace.schema import clean, dump

Answer = TypeVar("Answer")
LIMIT = 20_000_000  # bytes of a file that are read
VALUE = 2_000  # characters kept of one value
MOST = 60  # values kept of one file
PNG = b"\x89PNG\r\n\x1a\n"
XMP = re.compile(rb"<x:xmpmeta[\s>].{0,60000}?</x:xmpmeta>", re.DOTALL)
FIELD = re.compile(
    r"<([A-Za-z][\w-]{0,30}:[A-Za-z][\w-]{0,60})(?:\s[^>]{0,2000})?>([^<>]{1,2000})</\1>|\s([A-Za-z][\w-]{0,30}:[A-Za-z][\w-]{0,60})=\"([^\"<>]{1,2000})\""
)


def metadata(body: bytes) -> str:
    """Names and values found in the image ``body`` as canonical JSON; '' where there are none."""
    body = body[:LIMIT]
    found: dict[str, str] = {}
    for name, value in (*_png(body), *_exif(body), *_xmp(body)):
        value = clean(value).strip()[:VALUE]
        if value and name not in found and len(found) < MOST:
            found[clean(name)[:80]] = value
    return dump(found) if found else ""


def _png(body: bytes) -> Iterator[tuple[str, str]]:
    """tEXt, zTXt and iTXt chunks (PNG specification, section 11.3.3)."""
    position = len(PNG)
    while body.startswith(PNG) and position + 8 <= len(body):
        size, kind = int.from_bytes(body[position : position + 4]), body[position + 4 : position + 8]
        data = body[position + 8 : position + 8 + size]
        position += 12 + size
        if kind not in (b"tEXt", b"zTXt", b"iTXt"):
            continue
        key, _, rest = data.partition(b"\0")
        if kind == b"zTXt":
            rest = _inflated(rest[1:])
        elif kind == b"iTXt":
            packed, rest = rest[:1] == b"\1", rest[2:]
            rest = rest.partition(b"\0")[2].partition(b"\0")[2]
            rest = _inflated(rest) if packed else rest
        charset = "utf-8" if kind == b"iTXt" else "latin-1"
        yield f"png:{key.decode('latin-1')[:79]}", rest[: VALUE * 4].decode(charset, "replace")


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, VALUE * 4)
    except zlib.error:
        return b""


def looked_at(body: bytes, look: Callable[[Image.Image], Answer]) -> Answer | None:
    """What ``look`` says of the picture in ``body``; None where Pillow finds none, or a broken or oversized one."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of large and of odd files; what is decoded of them is the caller's to bound.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(body)) as image:
                return look(image)
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        KeyError,
        TypeError,
        Image.DecompressionBombError,
    ):
        return None


def _tags(image: Image.Image) -> tuple[list[tuple[int, Any]], Any]:
    exif = image.getexif()
    return [*exif.items(), *exif.get_ifd(ExifTags.IFD.Exif).items()], image.info.get("comment")


def _exif(body: bytes) -> Iterator[tuple[str, str]]:
    found = looked_at(body, _tags)
    if found is None:
        return
    tags, comment = found
    if isinstance(comment, bytes):
        yield "comment", comment[: VALUE * 4].decode("utf-8", "replace")
    for tag, value in sorted(tags, key=lambda item: item[0]):
        name = ExifTags.TAGS.get(tag, "")
        if isinstance(value, bytes):
            head = value[:8]
            value = value[8:] if head in (b"ASCII\0\0\0", b"UNICODE\0") else value
            value = value[: VALUE * 4].decode("utf-16" if head == b"UNICODE\0" else "utf-8", "replace").strip("\0")
        if name and isinstance(value, str | int | float):
            yield f"exif:{name}", str(value)


def _xmp(body: bytes) -> Iterator[tuple[str, str]]:
    match = XMP.search(body)
    for field in FIELD.finditer(match[0].decode("utf-8", "replace") if match else ""):
        name, value = field[1] or field[3], field[2] or field[4]
        if value.strip() and not name.startswith(("xmlns:", "rdf:about", "x:")):
            yield f"xmp:{name}", value
