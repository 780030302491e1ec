"""Text comes out right from every charset of East Asia, declared, undeclared or lied about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace.read.decode import decode

JA = (
    "港湾都市の市議会は三日、老朽化した水道管の更新計画を可決しました。事業費は四十二億円で、①来年度から五年をかけて進めます。"
    "㈱みなと設備の担当者は「住民のくらしを守るため、工事の時期をずらしながら取り組みたい」と話しています。"
)
ZH = "海港市议会三日通过了老旧供水管道的更新计划。项目总投资四十二亿元，从明年起分五年实施。公司负责人表示，为了保障市民生活，将分阶段进行施工。"
HANT = "海港市議會三日通過了老舊供水管道的更新計畫。項目總投資四十二億元，從明年起分五年實施。公司負責人表示，為了保障市民生活，將分階段進行施工。"
KO = "항구 도시의 시의회는 사흘 노후 수도관 교체 계획을 통과시켰다. 사업비는 사십이억 원이며 내년부터 다섯 해에 걸쳐 진행한다. 담당자는 주민의 생활을 지키겠다고 말했다."
FR = "Le conseil municipal a adopté hier le renouvellement des conduites d’eau, coûteux mais nécessaire, a déclaré la mairie."

CASES = [
    ("shift_jis", "cp932", JA),
    ("euc-jp", "euc_jis_2004", JA),
    ("iso-2022-jp", "iso2022_jp_2", JA.replace("①", "一").replace("㈱", "株")),
    ("gb18030", "gb18030", ZH),
    ("big5", "cp950", HANT),
    ("euc-kr", "cp949", KO),
    ("utf-16le", "utf-16-le", JA),
    ("utf-8", "utf-8", KO),
]
WRONG = ["utf-8", "shift_jis", "euc-kr", "gb2312", "iso-8859-1", "no-such-charset", "utf-7", "idna", "hex"]


def page(text: str, declared: str = "") -> str:
    meta = f'<meta charset="{declared}">' if declared else ""
    return f"<html><head>{meta}<title>{text[:12]}</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(("name", "codec", "text"), CASES, ids=[c[0] for c in CASES])
@pytest.mark.parametrize("place", ["meta", "http"])
def test_every_charset_under_every_declaration(name: str, codec: str, text: str, place: str) -> None:
    for declared in ["", name, *WRONG]:
        html = page(text, declared if place == "meta" else "")
        found = decode(html.encode(codec), f"text/html; charset={declared}" if place == "http" and declared else "")
        assert (found.text, found.encoding) == (html, name), declared
        assert found.damaged == 0


@pytest.mark.parametrize(("name", "codec", "text"), CASES, ids=[c[0] for c in CASES])
def test_a_page_cut_in_a_character_keeps_its_charset(name: str, codec: str, text: str) -> None:
    body = page(text).encode(codec)[:-19]
    for cut in range(4):
        assert decode(body[: len(body) - cut]).encoding == name


def test_a_single_bad_byte_does_not_cost_the_page() -> None:
    body = page(JA * 3).encode("cp932").replace("水道".encode("cp932"), "水道".encode("cp932") + b"\xff", 1)
    found = decode(body, "text/html; charset=Shift_JIS")
    assert found.encoding == "shift_jis"
    assert found.damaged >= 1
    assert "市議会は三日" in found.text


def test_vendor_characters_in_iso_2022_jp() -> None:
    body = b"\x1b$B" + bytes(b & 0x7F for b in "①㈱港".encode("euc_jis_2004")) + b"\x1b(B end"
    assert decode(body).text == "①㈱港 end"


def test_western_pages() -> None:
    html = page(FR)
    assert decode(html.encode("cp1252"), "text/html; charset=iso-8859-1").text == html
    assert decode(html.encode("cp1252")).text == html
    assert decode(html.encode("utf-8-sig")).text == html
    russian = page("Городской совет принял вчера план обновления водопровода, сообщила мэрия в своём заявлении.")
    assert decode(russian.encode("cp1251"), "text/html; charset=windows-1251").text == russian
    assert decode(russian.encode("koi8-r")).text == russian


@given(st.binary(max_size=300), st.text(max_size=40))
def test_anything_decodes(body: bytes, content_type: str) -> None:
    found = decode(body, content_type)
    found.text.encode("utf-8")
    assert found == decode(body, content_type)


@given(
    st.binary(max_size=60),
    st.sampled_from(["idna", "punycode", "undefined", "rot13", "hex", "utf-7", "mbcs", "cp65001", "iso-2022-kr"]),
)
def test_odd_declarations_decode(body: bytes, name: str) -> None:
    decode(b"\xff" + body, f"text/html; charset={name}").text.encode("utf-8")
