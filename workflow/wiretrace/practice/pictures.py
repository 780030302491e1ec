"""Small real pictures, and what their metadata tell."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache

from PIL import Image, PngImagePlugin

from wiretrace.practice.data import digest

PROMPT = (
    "newspaper photo of {subject}, overcast light, realistic, 35mm\nNegative prompt: text, watermark, extra fingers\n"
    "Steps: 28, Sampler: DPM++ 2M, CFG scale: 6.5, Seed: {number}, Size: 768x512, Model: practicalVision_v3"
)
LABEL = (
    '{{"Label":"1","ContentProducer":"001191{number}00000000","ProduceID":"{mark}",'
    '"ContentPropagator":"","PropagateID":""}}'
)
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/">'
    "<TC260:AIGC>{label}</TC260:AIGC></rdf:Description></rdf:RDF></x:xmpmeta>"
)
SUBJECTS = ("a harbour at dawn", "a factory hall", "people in a town hall", "a laboratory bench", "a market street")


def _pixels(name: str, width: int, height: int) -> Image.Image:
    seed = bytes.fromhex(digest(name, size=24))
    image = Image.new("RGB", (width, height), (seed[0], seed[1], seed[2]))
    for x in range(width):
        for y in range(height // 2, height):
            image.putpixel((x, y), (seed[3], seed[(x // 4) % 12], seed[(y // 4) % 12]))
    return image


@cache
def png(name: str, metadata: str = "", width: int = 24, height: int = 16) -> bytes:
    """A PNG that ``name`` decides; ``metadata`` is '', parameters, aigc_xmp or aigc_chunk."""
    number = int(digest(name, "number", size=8), 16)
    label = LABEL.format(number=f"{number % 10**8:08d}", mark=digest(name, "mark", size=20))
    info = PngImagePlugin.PngInfo()
    if metadata == "parameters":
        subject = SUBJECTS[number % len(SUBJECTS)]
        info.add_text("parameters", PROMPT.format(subject=subject, number=number))
    if metadata == "aigc_xmp":
        escaped = label.replace('"', "&quot;")
        info.add_itxt("XML:com.adobe.xmp", XMP.format(label=escaped))
    if metadata == "aigc_chunk":
        info.add_text("AIGC", label)
    out = io.BytesIO()
    _pixels(name, width, height).save(out, "PNG", pnginfo=info)
    return out.getvalue()


@cache
def ico(name: str) -> bytes:
    """A 16 by 16 icon that ``name`` decides, as an ICO file that holds one PNG."""
    data = png(name, "", 16, 16)
    head = struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(data), 22)
    return head + data


@cache
def gif() -> bytes:
    """One transparent pixel, as old mastheads have."""
    return (
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,"
        b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    )


def checksum(data: bytes) -> str:
    """Eight hex digits for an ETag."""
    return f"{zlib.crc32(data):08x}"
