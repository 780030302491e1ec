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
        (png(xmp=XMP), "image-digital-source"),
        (png(xmp=XMP), "meta-aigc-label"),
        (png(AIGC='{"Label":"1","ContentProducer":"EXAMPLE-MAKER"}'), "meta-aigc-label"),
        (with_chunk(b"AIGC", b'{"Label":"1","ContentProducer":"EXAMPLE-MAKER"}'), "meta-aigc-label"),
        (with_chunk(b"caBX", manifest()), "image-c2pa-unsound"),
        (saved("JPEG", xmp=XMP.encode()), "image-digital-source"),
        (saved("WEBP", xmp=XMP.encode()), "meta-aigc-label"),
        (jpeg_with(0xEB, b"JP\x00\x01" + manifest()), "image-c2pa-unsound"),
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


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def nested(depth):
    """JUMBF boxes within each other."""
    head = b"jumb" + struct.pack(">I", 30) + b"jumdc2pa" + bytes.fromhex("0011001080000000aa00389b71") + b"\x03c2pa\x00"
    return b"".join(struct.pack(">I", (len(head) + 4) * (depth - i)) + head for i in range(depth))


PNG_HEAD = b"\x89PNG\r\n\x1a\n"
HUGE = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0))
HOSTILE = {
    "a bomb of pixels": PNG_HEAD + HUGE + chunk(b"IDAT", zlib.compress(b"\0" * 5_000_000)) + chunk(b"IEND", b""),
    "a bomb of text": png()[:-12] + chunk(b"zTXt", b"parameters\0\0" + zlib.compress(b"Steps: 20, " * 2_000_000)),
    "many bombs": png()[:-12] + chunk(b"zTXt", b"x\0\0" + zlib.compress(b"a" * 2_000_000)) * 300,
    "broken EXIF": jpeg_with(0xE1, b"Exif\0\0II*\0\x08\0\0\0" + b"\xff" * 2_000),
    "EXIF in a circle": jpeg_with(0xE1, b"Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0"),
    "XMP with entities": png(
        xmp='<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x:xmpmeta>&b;' + "<a>" * 9_000
    ),
    "XMP without an end": png(xmp="<x:xmpmeta " + 'a:b="' * 9_000),
    "JUMBF of depth 20,000": with_chunk(b"caBX", nested(20_000)),
    "JUMBF with a false length": with_chunk(b"caBX", b"\xff\xff\xff\xffjumb" + manifest()),
    "CBOR of depth 100,000": with_chunk(b"caBX", b"c2pa" + b"\x81" * 100_000),
    "many manifests": png()[:-12] + chunk(b"caBX", b"label" * 8_000) * 100,
    "segments without length": b"\xff\xd8" + b"\xff\xe1\x00\x00" * 10_000,
    "a chunk that lies": b"RIFF\x00\x00\x00\x00WEBP" + b"C2PA\xff\xff\xff\xff",
    "a cut file": with_chunk(b"caBX", manifest())[:40],
    "PNG and PDF": png(parameters=A1111) + b"%PDF-1.7 c2pa <script>alert(1)</script>",
    "GIF and script": b"GIF89a/*c2pa*/=1;alert(1)//" + b"\0" * 100,
    "JPEG and archive": saved("JPEG") + b"PK\x03\x04" + b"c2pa" * 1_000,
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'><metadata>c2pa</metadata></svg>",
    "TIFF in a circle": b"II*\0\x08\0\0\0\x01\0\x00\x01\x03\0\x01\0\0\0\x01\0\0\0\x08\0\0\0c2pa",
    "nothing": b"",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_bounded(body):
    labels = imagefile.labels(body)
    assert all(len(value) <= imagefile.MOST_BYTES + 1_000 for value in labels.values())
    assert len(metadata(body)) <= 200_000
    rules_of(body)


@pytest.mark.parametrize("name", ["JUMBF of depth 20,000", "JUMBF with a false length", "many manifests"])
def test_a_broken_manifest_is_told(name):
    assert imagefile.labels(HOSTILE[name])["c2pa"].startswith("signature unreadable")


def test_a_polyglot_is_read_as_the_image_it_is():
    assert "image-stable-diffusion" in rules_of(HOSTILE["PNG and PDF"])


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
