"""WHOIS and RDAP answers in the registries' several forms."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from wiretrace.practice.registrations import NIC, ROOT, WHOIS, WHOIS_INVALID, WHOIS_TEST, Registration

UPDATE = ">>> Last update of WHOIS database: 2025-09-01T00:00:00Z <<<"
REDACTED = "REDACTED FOR PRIVACY"
SERVERS = {"example": WHOIS, "test": WHOIS_TEST, "invalid": WHOIS_INVALID}


def root(query: str) -> bytes:
    """The root server's referral for the top-level domain of ``query``."""
    tld = query.rpartition(".")[2].lower()
    if tld not in SERVERS:
        return b"% This query returned 0 objects.\n"
    return (
        f"% WHOIS root of the practice internet\n\nrefer:        {SERVERS[tld]}\n\ndomain:       {tld.upper()}\n\n"
        f"organisation: Registry of .{tld}\nwhois:        {SERVERS[tld]}\n\nstatus:       ACTIVE\nsource:       IANA\n"
    ).encode()


def answer(server: str, query: str, registered: dict[str, Registration], registrars: frozenset[str]) -> bytes | None:
    """What WHOIS ``server`` says to ``query``; None where no such server is."""
    words = query.strip().lower().split()
    name = words[-1] if words else ""
    if server == ROOT:
        return root(name)
    if server == WHOIS_TEST:
        english = name.endswith("/e")
        return _bracket(name.removesuffix("/e"), registered, english)
    if server == WHOIS_INVALID:
        return _colon(name, registered)
    if server == WHOIS or server in registrars:
        return _generic(name, registered)
    return None


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _generic(name: str, registered: dict[str, Registration]) -> bytes:
    found = registered.get(name)
    if found is None or not name.endswith(".example"):
        return f'No match for domain "{name.upper()}".\r\n{UPDATE}\r\n'.encode()
    who = found.registrant or {}
    lines = [
        f"Domain Name: {name.upper()}",
        f"Registry Domain ID: {found.handle}",
        f"Registrar WHOIS Server: whois.{found.registrar['domain']}",
        f"Registrar URL: https://www.{found.registrar['domain']}",
        f"Updated Date: {_stamp(found.updated)}",
        f"Creation Date: {_stamp(found.created)}",
        f"Registry Expiry Date: {_stamp(found.expires)}",
        f"Registrar: {found.registrar['name']}",
        f"Registrar Abuse Contact Email: abuse@{found.registrar['domain']}",
        "Domain Status: clientTransferProhibited https://icann.org/epp#clientTransferProhibited",
        f"Registrant Name: {REDACTED}",
        f"Registrant Organization: {who.get('name', REDACTED)}",
        f"Registrant Street: {who.get('street') or REDACTED}",
        f"Registrant City: {who.get('city') or REDACTED}",
        f"Registrant Country: {who.get('country') or REDACTED}",
        f"Registrant Phone: {who.get('phone') or REDACTED}",
        f"Registrant Email: {who.get('email') or 'Please query the RDDS service of the Registrar of Record'}",
        f"Admin Name: {REDACTED}",
        f"Admin Email: {REDACTED}",
        *[f"Name Server: {server.upper()}" for server in found.servers],
        "DNSSEC: unsigned",
        UPDATE,
        "",
        "TERMS OF USE: You may query this practice service for lawful purposes only.",
    ]
    return ("\r\n".join(lines) + "\r\n").encode()


def _bracket(name: str, registered: dict[str, Registration], english: bool) -> bytes:
    """The form of the Japanese registry: labels in brackets, in ISO-2022-JP unless English is asked for."""
    found = registered.get(name)
    if found is None or not name.endswith(".test"):
        return b"No match!!\r\n"
    hidden = "Whois Privacy Protection Service" if english else "Whois情報公開代行サービス"
    who = found.registrant
    person = who["name"] if who else hidden
    mail = who["email"] if who else f"proxy@{found.registrar['domain']}"
    phone = who["phone"] if who else "05-5550-0000"
    street = f"{who['street']} {who.get('city', '')}".strip() if who else hidden
    if english:
        person = (who or {}).get("latin") or _ascii(person, found)
        street = _ascii(street, found)
    rows = [
        ("Domain Name", "Domain Name", name.upper()),
        ("登録者名", "Registrant", person),
        ("Registrant", "", person if not english else ""),
        *[("Name Server", "Name Server", server) for server in found.servers],
        ("Signing Key", "Signing Key", ""),
        ("登録年月日", "Created on", f"{found.created:%Y/%m/%d}"),
        ("有効期限", "Expires on", f"{found.expires:%Y/%m/%d}"),
        ("状態", "Status", "Active"),
        ("最終更新", "Last Updated", f"{found.updated:%Y/%m/%d %H:%M:%S} (JST)"),
    ]
    contact = [
        ("名前", "Name", person),
        ("Name", "", person if not english else ""),
        ("Email", "Email", mail),
        ("Web Page", "Web Page", ""),
        ("郵便番号", "Postal code", "000-0000"),
        ("住所", "Postal Address", street),
        ("電話番号", "Phone", phone),
        ("FAX番号", "Fax", ""),
    ]
    head = [
        "[ The practice registry of .test gives information on domain names.              ]",
        "[ For English, append /e to the name: whois -h whois.registry.test NAME/e         ]",
        "",
        "Domain Information:" if english else "Domain Information: [ドメイン情報]",
    ]
    middle = ["", "Contact Information:" if english else "Contact Information: [公開連絡窓口]"]
    lines = [*head, *_labelled(rows, english), *middle, *_labelled(contact, english), ""]
    return ("\r\n".join(lines)).encode("ascii" if english else "iso2022_jp", "replace")


def _ascii(words: str, found: Registration) -> str:
    """What the English form prints for a name that was given in Japanese only."""
    return words if words.isascii() else found.domain.partition(".")[0].replace("-", " ").title()


def _labelled(rows: list[tuple[str, str, str]], english: bool) -> list[str]:
    chosen = [(en if english else ja, value) for ja, en, value in rows]
    return [f"{f'[{label}]':<32}{value}".rstrip() for label, value in chosen if label]


def _colon(name: str, registered: dict[str, Registration]) -> bytes:
    """The form of the Chinese registry."""
    found = registered.get(name)
    if found is None or not name.endswith(".invalid"):
        return b"No matching record.\n"
    who = found.registrant
    lines = [
        f"Domain Name: {name}",
        f"ROID: {found.created:%Y%m%d}s10001s{int(found.handle[:6], 16):08d}-inv",
        "Domain Status: clientTransferProhibited",
        f"Registrant: {who['native'] if who else REDACTED}",
        f"Registrant Contact Email: {who['email'] if who else REDACTED}",
        f"Sponsoring Registrar: {found.registrar['name']}",
        *[f"Name Server: {server}" for server in found.servers],
        f"Registration Time: {found.created:%Y-%m-%d %H:%M:%S}",
        f"Expiration Time: {found.expires:%Y-%m-%d %H:%M:%S}",
        "DNSSEC: unsigned",
    ]
    return ("\n".join(lines) + "\n").encode()


def bootstrap() -> bytes:
    """The RDAP bootstrap file (RFC 9224): only .example has RDAP."""
    told = {
        "version": "1.0",
        "publication": "2025-08-30T00:00:00Z",
        "description": "RDAP bootstrap file of the practice internet",
        "services": [[["example"], [f"https://{NIC}/"]]],
    }
    return json.dumps(told, indent=1).encode()


def rdap(name: str, registered: dict[str, Registration]) -> tuple[int, bytes]:
    """Status and JSON of an RDAP domain query (RFC 9083; redactions as RFC 9537 has them)."""
    found = registered.get(name.lower())
    if found is None:
        told: dict[str, Any] = {
            "rdapConformance": ["rdap_level_0"],
            "errorCode": 404,
            "title": "Not Found",
            "description": ["The domain is not registered."],
        }
        return 404, json.dumps(told, indent=1).encode()
    told = {
        "rdapConformance": ["rdap_level_0", "icann_rdap_technical_implementation_guide_1", "redacted"],
        "objectClassName": "domain",
        "handle": found.handle,
        "ldhName": name.upper(),
        "status": ["client transfer prohibited"],
        "events": [
            {"eventAction": "registration", "eventDate": _stamp(found.created)},
            {"eventAction": "expiration", "eventDate": _stamp(found.expires)},
            {"eventAction": "last changed", "eventDate": _stamp(found.updated)},
        ],
        "nameservers": [{"objectClassName": "nameserver", "ldhName": s.upper()} for s in found.servers],
        "secureDNS": {"delegationSigned": False},
        "entities": [_registrar(found), _registrant(found)],
        "links": [{"rel": "self", "type": "application/rdap+json", "href": f"https://{NIC}/domain/{name.lower()}"}],
    }
    if found.registrant is None:
        told["redacted"] = [
            {
                "name": {"description": part},
                "method": "emptyValue" if part != "Registrant Organization" else "removal",
                "reason": {"description": "Server policy"},
            }
            for part in ("Registrant Name", "Registrant Organization", "Registrant Street", "Registrant Email")
        ]
    return 200, json.dumps(told, indent=1, ensure_ascii=False).encode()


def _registrar(found: Registration) -> dict[str, Any]:
    card = [["version", {}, "text", "4.0"], ["fn", {}, "text", found.registrar["name"]]]
    abuse = [
        ["version", {}, "text", "4.0"],
        ["fn", {}, "text", "Abuse desk"],
        ["email", {}, "text", f"abuse@{found.registrar['domain']}"],
    ]
    return {
        "objectClassName": "entity",
        "roles": ["registrar"],
        "handle": str(1000 + int(found.handle[:3], 16) % 50),
        "vcardArray": ["vcard", card],
        "entities": [{"objectClassName": "entity", "roles": ["abuse"], "vcardArray": ["vcard", abuse]}],
    }


def _registrant(found: Registration) -> dict[str, Any]:
    who = found.registrant
    # Half of the redacting answers leave the field empty, the others print a phrase in it.
    phrase = REDACTED if int(found.handle[0], 16) % 2 else ""
    card: list[list[Any]] = [["version", {}, "text", "4.0"], ["fn", {}, "text", phrase]]
    if who:
        card = [
            ["version", {}, "text", "4.0"],
            ["fn", {}, "text", ""],
            ["org", {"type": "work"}, "text", who["name"]],
            ["adr", {"cc": who["country"]}, "text", ["", "", who["street"], who["city"], "", "", ""]],
            ["tel", {"type": "voice"}, "uri", f"tel:{who['phone'].replace(' ', '')}"],
            ["email", {}, "text", who["email"]],
        ]
    elif phrase:
        card.append(["org", {}, "text", phrase])
    return {"objectClassName": "entity", "roles": ["registrant"], "vcardArray": ["vcard", card]}
