"""A record that is about another domain, or that names a role instead of a holder, is evidence of nothing."""

import pytest

from wiretrace.read.whois import of_whois

LABELLED = "Domain Name: {name}\nRegistrant Organization: Harbour Press Ltd\nName Server: ns1.harbour-dns.example\n"
JPRS = "[Domain Name]                   {name}\n\n[Registrant]                    Harbour Press Ltd\n[Name Server]                   ns1.harbour-dns.example\n[登録年月日]                    2025/01/02\n"


@pytest.mark.parametrize("form", [LABELLED, JPRS])
def test_only_a_record_about_the_domain_counts(form: str) -> None:
    own = of_whois(form.format(name="PAPER.EXAMPLE").encode(), "paper.example")
    assert ("registrant_org", "Harbour Press Ltd") in {(seen.kind, seen.value) for seen in own}
    assert of_whois(form.format(name="OTHER.EXAMPLE").encode(), "paper.example") == []


def test_a_role_is_no_holder() -> None:
    seen = of_whois(b"Domain Name: paper.example\nRegistrant Name: Domain Administrator\n", "paper.example")
    assert [(s.kind, s.state) for s in seen] == [("registrant_name", "redacted")]
