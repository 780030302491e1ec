"""What image files say of themselves."""

from __future__ import annotations

import io
import json
import zlib

import pytest
from PIL import Image, PngImagePlugin

from wiretrace.read.images import metadata


def png(**texts: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for name, text in texts.items():
        info.add_itxt(name, text) if name == "long" else info.add_text(name, text, zip=name == "packed")
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def test_png_text() -> None:
    found = json.loads(metadata(png(parameters="a harbour, Steps: 20", packed="zipped words", long="港の写真")))
    assert found == {"png:parameters": "a harbour, Steps: 20", "png:packed": "zipped words", "png:long": "港の写真"}


def test_exif_and_xmp() -> None:
    exif = Image.Exif()
    exif[0x0131] = "Some Editor 3.0"
    exif[0x013B] = "A. Sailor"
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description xmp:CreatorTool="Tool 1"><dc:title>T</dc:title></rdf:Description></x:xmpmeta>'
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "JPEG", exif=exif, xmp=xmp)
    found = json.loads(metadata(out.getvalue()))
    assert found == {
        "exif:Software": "Some Editor 3.0",
        "exif:Artist": "A. Sailor",
        "xmp:xmp:CreatorTool": "Tool 1",
        "xmp:dc:title": "T",
    }


def test_nothing_to_tell() -> None:
    assert metadata(png()) == ""
    assert metadata(b"") == ""
    assert metadata(b"<svg/>") == ""


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_torn_files(cut: int) -> None:
    metadata(png(parameters="x" * 300)[:cut])


def test_a_bomb_in_a_text_chunk_is_bounded() -> None:
    packed = zlib.compress(b"a" * 50_000_000)
    chunk = b"zTXt" + b"c\0\0" + packed
    body = b"\x89PNG\r\n\x1a\n" + (len(chunk) - 4).to_bytes(4) + chunk + b"\0\0\0\0"
    assert len(metadata(body)) < 3_000
