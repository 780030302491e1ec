"""Files that the tests make themselves: what generators and labels leave in them is found, hostile ones cost nothing."""

import io
import json
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from wiretrace.indicate import imagefile, scan
from wiretrace.indicate.passages import Passage, image_text
from wiretrace.indicate.rules import load
from wiretrace.read.images import metadata

SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
XMP = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"
 Iptc4xmpExt:DigitalSourceType="{SOURCE}">
 <TC260:AIGC>{{&quot;Label&quot;:&quot;1&quot;,&quot;ContentProducer&quot;:&quot;EXAMPLE-MAKER&quot;}}</TC260:AIGC>
</rdf:Description></rdf:RDF></x:xmpmeta>"""
A1111 = "a quiet harbour\nNegative prompt: people\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1"
COMFY = '{"3":{"class_type":"KSampler","inputs":{"seed":1}}}'


def png(packed=False, **texts):
    info = PngImagePlugin.PngInfo()
    for name, value in texts.items():
        info.add_itxt("XML:com.adobe.xmp", value) if name == "xmp" else info.add_text(name, value, zip=packed)
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def saved(form, **options):
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, form, **options)
    return out.getvalue()


def with_chunk(kind, data):
    """A PNG with one more chunk before its end."""
    made = png()
    chunk = struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return made[:-12] + chunk + made[-12:]


def described(text):
    """EXIF with an image description."""
    exif = Image.Exif()
    exif[0x010E] = text
    return exif


def manifest():
    """The readable labels of a C2PA manifest store in JUMBF, as a generator writes them."""
    return b"jumb\x00\x00c2pa\x00c2pa.actions\x00c2pa.created\x00digitalSourceType\x00" + SOURCE.encode() + b"\x00claim"


def jpeg_with(marker, data):
    made = saved("JPEG")
    return made[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data + made[2:]


def rules_of(body, address="https://news.example/a.png"):
    text = image_text(address, json.loads(metadata(body) or "{}") | imagefile.labels(body))
    rows = scan(load("ai_indicators"), Passage("news.example", ("image",), text, "", "c-1", "a-1"))
    assert all(text[row["start"] : row["end"]] == row["excerpt"] for row in rows)
    return {row["rule_id"]: row for row in rows}


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (png(parameters=A1111), "image-stable-diffusion"),
        (png(packed=True, parameters=A1111), "image-stable-diffusion"),
        (png(prompt=COMFY, workflow="{}"), "image-stable-diffusion"),
        (png(xmp=XMP), "meta-digital-source"),
        (png(xmp=XMP), "meta-aigc-label"),
        (png(AIGC='{"Label":"1","ContentProducer":"EXAMPLE-MAKER"}'), "meta-aigc-label"),
        (with_chunk(b"AIGC", b'{"Label":"1","ContentProducer":"EXAMPLE-MAKER"}'), "meta-aigc-label"),
        (with_chunk(b"caBX", manifest()), "meta-digital-source"),
        (saved("JPEG", xmp=XMP.encode()), "meta-digital-source"),
        (saved("WEBP", xmp=XMP.encode()), "meta-aigc-label"),
        (jpeg_with(0xEB, b"JP\x00\x01" + manifest()), "meta-digital-source"),
        (
            saved("JPEG", exif=described('{"AIGC":{"Label":"1","ContentProducer":"EXAMPLE-MAKER"}}')),
            "meta-aigc-label",
        ),
        (png(Description="a harbour --ar 16:9 Job ID: 0a1b2c3d-0000-4000-8000-000000000000"), "image-tool-named"),
    ],
)
def test_signs_in_files(body, rule):
    assert rule in rules_of(body)


def test_the_label_names_its_producer():
    assert "EXAMPLE-MAKER" in rules_of(png(xmp=XMP))["meta-aigc-label"]["excerpt"]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_plain_picture_says_nothing(form):
    assert rules_of(saved(form)) == {}


def test_a_camera_is_no_generator():
    camera = (
        XMP.replace("trainedAlgorithmicMedia", "digitalCapture").split("<TC260")[0] + "</rdf:Description></x:xmpmeta>"
    )
    assert rules_of(png(xmp=camera, Software="Example Camera 1.0")) == {}


def test_hostile_files_are_bounded():
    many = png()[:-12] + b"".join(
        struct.pack(">I", 40_000) + b"caBX" + b"label" * 8_000 + b"\x00" * 4 for _ in range(100)
    )
    assert len(imagefile.labels(many)["c2pa"]) <= imagefile.MOST_BYTES + imagefile.MOST_RUNS
    assert imagefile.labels(with_chunk(b"caBX", manifest())[:40]) == {}
    assert imagefile.labels(b"\xff\xd8" + b"\xff\xe1\x00\x00" * 10_000) == {}
    assert imagefile.labels(b"RIFF\x00\x00\x00\x00WEBP" + b"C2PA\xff\xff\xff\xff") == {"c2pa": ""}


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([png(parameters=A1111, xmp=XMP), saved("JPEG", xmp=XMP.encode()), saved("WEBP", xmp=XMP.encode())]),
    st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), max_size=20),
    st.integers(0, 3_000),
)
def test_broken_files_never_raise(body, changes, length):
    broken = bytearray(body)
    for at, value in changes:
        broken[at % len(broken)] = value
    rules_of(bytes(broken[:length]))
    rules_of(bytes(broken))
