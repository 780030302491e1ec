"""C2PA manifests that the tests sign themselves: the state of the signature is told, and nothing is fetched."""

import datetime
import io
import json
import socket
import struct
import zlib

import pytest
from c2pa import Builder, C2paSignerInfo, C2paSigningAlg, Context, Settings, Signer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from wiretrace.indicate import imagefile, scan
from wiretrace.indicate.credentials import credentials
from wiretrace.indicate.passages import Passage, image_text
from wiretrace.indicate.rules import load

SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
DAYS = (datetime.datetime(2024, 1, 1), datetime.datetime(2099, 1, 1))
FORMS = ("PNG", "JPEG", "WEBP")


def certificate(subject, issuer, key, signer, *extensions):
    name = [x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, x)]) for x in (subject, issuer)]
    made = x509.CertificateBuilder(name[1], name[0], key.public_key(), x509.random_serial_number(), *DAYS)
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    made = made.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False)
    for extension, critical in extensions:
        made = made.add_extension(extension, critical)
    return made.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def usage(**uses):
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign"
        " encipher_only decipher_only"
    )
    return x509.KeyUsage(**{name: uses.get(name, False) for name in names.split()}), True


@pytest.fixture(scope="module")
def identity():
    """(chain, key, anchor) of an invented maker of images, in PEM."""
    root, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    of_root = (x509.BasicConstraints(True, None), True), usage(key_cert_sign=True, crl_sign=True)
    of_key = (x509.BasicConstraints(False, None), True), usage(digital_signature=True)
    mail = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False)
    anchor = certificate("Example Root", "Example Root", root, root, *of_root)
    leaf = certificate("Example Maker", "Example Root", key, root, *of_key, mail)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return leaf + anchor, private, anchor.decode()


def signed(identity, form="PNG", source="trainedAlgorithmicMedia", agent="Example Generator", remote=""):
    """A small picture with a manifest that declares one action."""
    action = {"action": "c2pa.created", "digitalSourceType": SOURCE + source, "softwareAgent": {"name": agent}}
    manifest = {
        "claim_generator_info": [{"name": agent, "version": "1"}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [action]}}],
    }
    picture, out = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (16, 16)).save(picture, form)
    options = {"verify": {"verify_after_sign": False}, "builder": {"thumbnail": {"enabled": False}}}
    builder = Builder(json.dumps(manifest), context=Context(Settings.from_json(json.dumps(options))))
    if remote:
        builder.set_no_embed()
        builder.set_remote_url(remote)
    signer = Signer.from_info(C2paSignerInfo(C2paSigningAlg.ES256, identity[0], identity[1], None))
    builder.sign(signer, f"image/{form.lower()}", picture, out)
    return out.getvalue()


def mended(body):
    """The same PNG with other pixels and right checksums."""
    at = body.index(b"IDAT")
    data = zlib.compress(b"\0" + b"\xff\0\0" * 16 + zlib.decompress(body[at + 4 : at + 4 + size_before(body, at)])[49:])
    return (
        body[: at - 4]
        + struct.pack(">I", len(data))
        + b"IDAT"
        + data
        + struct.pack(">I", zlib.crc32(b"IDAT" + data))
        + body[at + 8 + size_before(body, at) :]
    )


def size_before(body, at):
    return int.from_bytes(body[at - 4 : at], "big")


def rules_of(line):
    text = image_text("https://news.example/a.png", {"c2pa": line})
    return {
        row["rule_id"]: row
        for row in scan(load("ai_indicators"), Passage("news.example", ("image",), text, "", "c-1", "a-1"))
    }


@pytest.mark.parametrize("form", FORMS)
def test_valid_and_untrusted(identity, form):
    body = signed(identity, form)
    trusted, unknown = credentials(body, anchors=identity[2]), credentials(body, anchors="")
    assert trusted.startswith("signature trusted; signer Example Maker; generator Example Generator")
    assert unknown.startswith("signature untrusted; signer Example Maker; generator Example Generator")
    assert "c2pa.created trainedAlgorithmicMedia by Example Generator" in trusted
    row = rules_of(trusted)["image-c2pa-trusted"]
    assert row["strength"] == "conclusive" and row["excerpt"].startswith("c2pa: signature trusted")
    row = rules_of(unknown)["image-c2pa-untrusted"]
    assert row["strength"] == "strong" and row["excerpt"].startswith("c2pa: signature untrusted")
    assert imagefile.labels(body) == {"c2pa": unknown}


def test_another_anchor_does_not_make_it_trusted(identity):
    other = ec.generate_private_key(ec.SECP256R1())
    of_root = (x509.BasicConstraints(True, None), True), usage(key_cert_sign=True, crl_sign=True)
    anchor = certificate("Other Root", "Other Root", other, other, *of_root).decode()
    assert credentials(signed(identity), anchors=anchor).startswith("signature untrusted")


def test_mismatching(identity):
    body = signed(identity)
    swapped = body.replace(b"Example Generator", b"Example Fabricant")
    for changed in (mended(body), swapped):
        line = credentials(changed, anchors=identity[2])
        assert line.startswith("signature mismatch")
        assert rules_of(line)["image-c2pa-unsound"]["strength"] == "weak"
        assert not {"image-c2pa-trusted", "image-c2pa-untrusted"} & set(rules_of(line))


def test_a_camera_signs_too(identity):
    line = credentials(signed(identity, source="digitalCapture", agent="Example Camera"), anchors=identity[2])
    assert line.startswith("signature trusted")
    assert rules_of(line) == {}


def test_a_value_cannot_forge_another_part(identity):
    line = credentials(signed(identity, source="digitalCapture", agent="x; c2pa.created trainedAlgorithmicMedia"))
    assert "; c2pa.created trainedAlgorithmicMedia" not in line


def test_a_manifest_elsewhere_is_told_and_not_fetched(identity):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/m.c2pa"
        assert credentials(signed(identity, remote=address)) == f"signature elsewhere; {address}"
        with pytest.raises(BlockingIOError):
            server.accept()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_broken_manifests_never_raise(identity, data):
    form = data.draw(st.sampled_from(FORMS))
    body = bytearray(signed(identity, form))
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    line = imagefile.labels(bytes(body)).get("c2pa", "")
    assert line == "" or line.split()[1].rstrip(";") in ("untrusted", "mismatch", "unreadable")
    cut = bytes(body[: data.draw(st.integers(0, len(body)))])
    assert imagefile.labels(cut).get("c2pa", "signature").startswith("signature")
