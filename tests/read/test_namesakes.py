"""A page that gives a site of a like name for its own, as look-alikes of known papers do."""

from __future__ import annotations

from typing import Any

BODY = "".join(
    f"<p>{line}</p>"
    for line in (
        "The mill at Orrin turned its wheel again on Monday after forty years, and the whole valley came to see it.",
        "Volunteers had cut new paddles from larch, and a smith from the coast made the pins that hold them to the rim.",
        "Flour will be sold on Saturdays, and the school has been promised a loaf for every child who helped.",
    )
)
PAPER = "https://www.orrin-gazette.example"
MENU = "".join(f"<li><a href='{{site}}/{name}/'>{name}</a></li>" for name in ("Politics", "Valley", "Sport", "Letters"))


def shown(
    archive: Any, address: str, head: str = "", menu: str = "", more: str = ""
) -> dict[str, list[tuple[str, str]]]:
    archive.http(
        address,
        f"<html><head><title>The wheel turns</title>{head}</head><body><header><ul>{menu}</ul></header>"
        f"<article><h1>The wheel turns</h1>{BODY}{more}</article></body></html>",
    )
    tables = archive.read()
    rows = [row for row in tables["observations"] if row["kind"] in ("namesake", "presents_as")]
    found: dict[str, list[tuple[str, str]]] = {"credits": [row["rule_id"] for row in tables["article_parts"]]}
    for row in rows:
        found.setdefault(row["kind"], []).append((row["value"], row["rule_id"]))
    return found


def test_menus_that_lead_to_the_paper_of_a_like_name(archive: Any) -> None:
    found = shown(archive, "https://orrin-gazette.press/a/1.html", menu=MENU.format(site=PAPER))
    assert found["presents_as"] == [("orrin-gazette.example", "namesake-menu")]
    assert found["namesake"] == [("orrin-gazette.example", "namesake-link")]


def test_the_papers_address_given_for_the_pages_own_is_no_credit(archive: Any) -> None:
    head = f"<link rel=canonical href='{PAPER}/valley/77.html'>"
    found = shown(archive, "https://orringazette.press/a/1.html", head)
    assert found["presents_as"] == [("orrin-gazette.example", "namesake-canonical")]
    assert found["credits"] == []


def test_a_paper_that_leads_to_its_other_address_gives_it_not_for_its_own(archive: Any) -> None:
    own = MENU.format(site="https://orrin-gazette.press")
    found = shown(archive, "https://orrin-gazette.press/a/1.html", menu=f"{own}<li><a href='{PAPER}/'>Home</a></li>")
    assert found["namesake"] == [("orrin-gazette.example", "namesake-link")]
    assert "presents_as" not in found


def test_a_paper_of_another_name_and_a_link_in_the_text_show_nothing(archive: Any) -> None:
    found = shown(
        archive,
        "https://valley-post.press/a/1.html",
        f"<link rel=canonical href='{PAPER}/valley/77.html'>",
        MENU.format(site=PAPER),
    )
    assert set(found) == {"credits"}
    assert found["credits"] == ["stated-canonical"]
    cited = (
        f"<p>As the <a href='{PAPER}/1'>Gazette</a> wrote, the wheel is of oak and the axle is of iron from Cray.</p>"
    )
    assert set(shown(archive, "https://orrin-gazette.press/b/2.html", more=cited)) == {"credits"}
