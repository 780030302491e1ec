"""Dates of four languages mean the interval of UTC that they can mean, no less and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace.read.times import find_times, interval, parse_time, spoken_time


def meaning(text: str) -> tuple[str, str, str, str]:
    found = parse_time(text)
    assert found is not None, text
    taken = interval(found)
    return taken.earliest, taken.latest, taken.precision, taken.zone


@pytest.mark.parametrize(
    ("text", "local", "precision"),
    [
        ("令和6年3月5日", "2024-03-05", "day"),
        ("令和元年5月1日（水）", "2019-05-01", "day"),
        ("平成31年4月30日", "2019-04-30", "day"),
        ("令和六年十二月二十五日", "2024-12-25", "day"),
        ("R6.3.5", "2024-03-05", "day"),
        ("二〇二四年三月五日", "2024-03-05", "day"),
        ("２０２４年３月５日", "2024-03-05", "day"),
        ("2024年3月5日(火) 14時20分", "2024-03-05T14:20", "minute"),
        ("2024年3月5日 午後2時", "2024-03-05T14", "hour"),
        ("2024年03月05日 星期二 下午 02:20", "2024-03-05T14:20", "minute"),
        ("中華民國113年3月5日", "2024-03-05", "day"),
        ("2024년 3월 5일 오후 2:20", "2024-03-05T14:20", "minute"),
        ("2024. 3. 5. 14:20", "2024-03-05T14:20", "minute"),
        ("입력 2024.03.05 14:20", "2024-03-05T14:20", "minute"),
        ("March 5, 2024 at 2:20 pm", "2024-03-05T14:20", "minute"),
        ("Tuesday, 5th of March 2024", "2024-03-05", "day"),
        ("25/03/2024", "2024-03-25", "day"),
        ("12:05 am", None, ""),
        ("March 5, 2024 12:05 a.m.", "2024-03-05T00:05", "minute"),
        ("03/05/2024", None, ""),
        ("2024-02-30", None, ""),
        ("1.2.3.4 and 10.2024.3", None, ""),
        ("平成99年1月1日", "2087-01-01", "day"),
        ("20240305T142033", "2024-03-05T14:20:33", "second"),
        ("20240305142033", "2024-03-05T14:20:33", "second"),
        ("2024-03", "2024-03", "month"),
        ("2024", "2024", "year"),
    ],
)
def test_local_times(text: str, local: str | None, precision: str) -> None:
    found = parse_time(text)
    if local is None:
        assert found is None
        return
    assert found is not None
    assert (found.first.isoformat()[: len(local)], found.precision, found.zone) == (local, precision, None)


def test_an_unknown_zone_is_every_zone() -> None:
    assert meaning("2024-03-05 14:20:33") == ("2024-03-05T00:20:33Z", "2024-03-06T02:20:33Z", "second", "unknown")
    assert meaning("2024年3月5日") == ("2024-03-04T10:00:00Z", "2024-03-06T11:59:59Z", "day", "unknown")


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2024-03-05T14:20:33+09:00", "2024-03-05T05:20:33Z", "2024-03-05T05:20:33Z"),
        ("2024-03-05T14:20:33.123Z", "2024-03-05T14:20:33Z", "2024-03-05T14:20:33Z"),
        ("Tue, 05 Mar 2024 14:20:33 +0900", "2024-03-05T05:20:33Z", "2024-03-05T05:20:33Z"),
        ("Tue, 05 Mar 2024 14:20:33 GMT", "2024-03-05T14:20:33Z", "2024-03-05T14:20:33Z"),
        ("2024年3月5日 14:20 (JST)", "2024-03-05T05:20:00Z", "2024-03-05T05:20:59Z"),
        ("2024-03-05 14:20 GMT+8", "2024-03-05T06:20:00Z", "2024-03-05T06:20:59Z"),
        ("2024年3月5日 北京时间 14:20", "2024-03-05T06:20:00Z", "2024-03-05T06:20:59Z"),
        ("5 марта 2024, 14:20 МСК", "2024-03-05T11:20:00Z", "2024-03-05T11:20:59Z"),
        ("March 5, 2024, 2:20 pm ET", "2024-03-05T18:20:00Z", "2024-03-05T19:20:59Z"),
    ],
)
def test_stated_zones(text: str, earliest: str, latest: str) -> None:
    assert meaning(text)[:2] == (earliest, latest)
    assert meaning(text)[3] == "stated"


def test_ambiguous_zone_names_state_nothing() -> None:
    assert meaning("2024-03-05 14:20 CST")[3] == "unknown"
    assert meaning("2024年3月5日 10:00-12:00")[3] == "unknown"


def test_a_sites_zone_narrows_but_is_called_inferred() -> None:
    found = parse_time("2024-03-05 14:20")
    assert found is not None
    taken = interval(found, (540, 540))
    assert (taken.earliest, taken.zone) == ("2024-03-05T05:20:00Z", "inferred")


def test_several_dates_in_one_line() -> None:
    assert [t.value for t in find_times("公開 2024年3月5日 10:00｜更新 2024年3月6日 11:00")] == [
        "2024年3月5日 10:00",
        "2024年3月6日 11:00",
    ]


def test_lines_that_are_only_a_date() -> None:
    assert spoken_time("発信日時：2024年3月5日 10:00")
    assert spoken_time("Posted on March 5, 2024")
    assert not spoken_time("市議会は2024年3月5日に計画を可決した。")
    assert not spoken_time("no date")


@given(st.text(alphabet="0123456789年月日令和元/-.: TZ+午後pmMar,", max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    for stated in find_times(text):
        taken = interval(stated)
        assert taken.earliest <= taken.latest
        assert stated.value in text


@pytest.mark.parametrize(
    "start",
    [
        "2024-03-05",
        "二〇二四年三月五日",
        "5 March",
        "5 March 2024,",
        "March 5",
        "2024年",
        "2024년 3월 5일 오후",
        "令和",
    ],
)
def test_blanks_behind_a_date_cost_nothing(start: str) -> None:
    assert all(stated.value.strip() for stated in find_times(f"{start}{' ' * 900}x", "dmy"))
    parse_time(f"{start}{' ' * 80}x")
