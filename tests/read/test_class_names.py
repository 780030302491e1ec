"""Which class names a page's makers chose themselves."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wiretrace import identity
from wiretrace.read.brought import observations
from wiretrace.read.class_names import MOST, common, first_of, own_parts, part_of, thinned

BASE = "https://minato.example"
PARTS = st.builds("{}-{}".format, st.text("abcde", min_size=3, max_size=4), st.text("vwxyz", min_size=3, max_size=4))


def test_names_of_public_systems_are_nobodys() -> None:
    public = "wp-block-image elementor-widget et_pb_row menu-item-307 post-4711 fa-facebook site-header col-md-6"
    assert own_parts(public.split()) == {}


def test_numbers_and_what_belongs_to_a_part_make_no_difference() -> None:
    names = ["minatoTile__title", "minato-tile_body", "minato-tile3", "minato_tile--wide"]
    assert {part_of(name) for name in names} == {"minato-tile"}
    assert list(own_parts(names)) == ["minato-tile"]


def test_what_is_no_name_of_two_words_is_left_out() -> None:
    assert own_parts(["news", "md:flex", "-mt-[4em]", "!hidden", "a-b", "x" * 500 + "-y", "", "--", "ｍ"]) == {}


def test_the_registry_is_in_order_and_says_a_part_once() -> None:
    with open(identity.REGISTRY / "class_names.csv", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = [row["name"] for row in rows]
    assert names == sorted(set(names))
    assert all(int(row["operators"]) >= 3 for row in rows)
    assert all(name.endswith("-*") or (part_of(name) == name and first_of(name) not in common()) for name in names)


@given(st.sets(PARTS, max_size=60), st.sets(PARTS, max_size=60))
def test_pages_add_up_to_what_the_site_would_tell_as_one(one: set[str], other: set[str]) -> None:
    """What a page leaves out the site leaves out, so it does not matter how the names are spread over pages."""
    assert thinned([*thinned(one), *thinned(other)]) == thinned(one | other)
    assert len(thinned(one)) <= MOST
    assert len({first_of(part) for part in thinned(one)}) == len(thinned(one))


def test_a_site_tells_no_more_than_a_page_may_and_where_it_stands(archive: Any, page: Callable[..., str]) -> None:
    words = [f"quay{letter}{other}" for letter in "abcdefgh" for other in "mnopq"]
    for number, some in enumerate((words[:25], words[15:])):
        frame = "".join(f'<div class="{word}Berth__row-{number}"></div>' for word in some)
        archive.http(f"{BASE}/a/{number}", page(head="").replace("</body>", f"{frame}</body>"))
    found = [row for row in archive.read()["observations"] if row["kind"] == "class_name"]
    assert sorted(row["value"] for row in found) == thinned(f"{word}-berth" for word in words)
    assert all(row["excerpt"].startswith(row["value"][:6]) and row["span_start"] for row in found)


def test_an_exports_list_of_classes_is_looked_at_likewise(tmp_path: Any) -> None:
    path = tmp_path / "indicators-2024-03-05.csv"
    path.write_text(
        "indicator_type,indicator_content,domain_name\n"
        "1-css-class,\"{'tidal-clock__face', 'wp-block-image', 'news'}\",minato.example\n",
        encoding="utf-8",
    )
    assert [(one.kind, one.value) for one in observations((str(path),))] == [("class_name", "tidal-clock")]
