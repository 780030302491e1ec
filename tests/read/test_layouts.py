"""Kinds of pages as sites of many countries build them: the text whole, the chrome out of it. No page is a real one."""

from __future__ import annotations

import json

import pytest

from wiretrace.config import Read
from wiretrace.read.pages import Content, read_content

EN = (
    "The harbour council voted on Tuesday to replace the old water mains, a plan that takes five years to complete.",
    '"We will work in stages so that nobody is without water for long," said Ann Sailor of the harbour works.',
    "Work begins in the three districts beside the port, and each cut in supply is to last two hours at the most.",
    "Residents will be told of the dates at a meeting next month.",
)
JA = (
    "港湾都市の市議会は三日、老朽化した水道管の更新計画を可決しました。事業費は四十二億円で、五年をかけて進めます。",
    "みなと設備の担当者は「住民のくらしを守るため、工事の時期をずらしながら取り組みたい」と話しています。",
    "市は来月、住民への説明会を開くことにしている。",
)
ZH = (
    "明湖市议会三日通过了老旧水管更新计划，总投资四十二亿元，从明年开始用五年时间完成全部改造工程。",
    "港口设备公司负责人林海表示，施工将分阶段进行，尽量减少对居民生活的影响，每次停水不超过两小时。",
)
KO = (
    "하버시의회는 3일 낡은 수도관을 바꾸는 계획을 통과시켰다. 사업비는 420억 원이며 내년부터 5년 동안 진행된다.",
    '항만설비 관계자는 "주민 생활을 지키기 위해 공사 시기를 나누어 진행하겠다"고 말했다.',
)
TITLE = "Council votes for new mains"
HEAD = f"<html lang=en><head><title>{TITLE} | Harbour Post</title></head><body>"
MENU = "<header><a href=/>Harbour Post</a><nav><ul><li><a href=/n>News</a><li><a href=/s>Sport</a></ul></nav></header>"
MORE = "".join(f"<li><a href=/a/{n}>Lighthouse number {n} shines again over the bay</a></li>" for n in range(6))
FOOT = f"<aside><h3>Read more</h3><ul>{MORE}</ul></aside><footer><p>© 2024 Harbour Post</p></footer></body></html>"
LIST = "".join(f"<li><a href=/{n}>港の灯台{n}号に新しい光がともる</a></li>" for n in range(8))
STATED = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n\n".join(EN)}


def read(html: str, charset: str = "utf-8") -> Content:
    address = "https://paper.example/news/2024/council-votes"
    return read_content(html.encode(charset), [], address, "paper.example", "2024-03-10T00:00:00Z", Read())


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


LAYOUTS = {
    "Japanese news, lines broken twice": (
        "<html lang=ja><head><title>水道管の更新計画を可決 - 港湾日報</title></head><body><div id=header><ul class=gnav>"
        "<li><a href=/s>社会</a><li><a href=/e>経済</a></ul></div><h1>水道管の更新計画を可決</h1><div class=date>2024年3月5日"
        f" 10時00分</div><div class=body>　{'<br><br>　'.join(JA)}<br></div><div class=sns>ツイート シェア</div>"
        f"<div class=ranking><h2>ランキング</h2><ol>{LIST}</ol></div><div id=footer>Copyright © 港湾日報</div></body></html>",
        JA, ("ツイート", "ランキング", "Copyright", "社会"), "水道管の更新計画を可決",
    ),
    "layout of tables, no headline marked": (
        "<html><head><title>水道管の更新計画を可決：港湾日報</title></head><body><table><tr><td width=150><a href=/1>社会</a>"
        "<br><a href=/2>経済</a></td><td><font size=4><b>水道管の更新計画を可決</b></font><br>（2024/3/5 10:00）<br><br>　"
        f"{'<br>　'.join(JA)}</td></tr></table><ol>{LIST}</ol></body></html>",
        JA, ("2024/3/5", "社会", "灯台"), "水道管の更新計画を可決",
    ),
    "article in several containers": (
        f"{HEAD}{MENU}<main><h1>{TITLE}</h1><div class=zone><div>{paragraphs(EN[0])}</div></div><div class=ad-slot>Advertisement"
        f"</div><div class=zone><div>{paragraphs(EN[1])}</div></div><div class=newsletter-box><h4>Sign up for our newsletter</h4>"
        "<p>Get the best stories of the week in your inbox.</p><input type=email placeholder='Your email'></div>"
        f"<div class=zone><div>{paragraphs(*EN[2:])}</div></div></main>{FOOT}",
        EN, ("Advertisement", "newsletter", "inbox", "Lighthouse"), TITLE,
    ),
    "live blog": (
        f"{HEAD}{MENU}<main><h1>{TITLE}</h1>"
        + "".join(f"<article class=entry><time>1{n}:00</time>{paragraphs(line)}<div class=share><a href=#>Share</a> <a href=#>"
                  "Copy link</a></div></article>" for n, line in enumerate(EN)) + f"</main>{FOOT}",
        EN, ("Share", "Copy link", "Lighthouse"), TITLE,
    ),
    "text in the JSON-LD alone": (
        f"<html><head><title>{TITLE} | Harbour Post</title><script type=application/ld+json>{json.dumps(STATED)}</script></head>"
        f"<body>{MENU}<div id=root></div><script src=/app.js></script>{FOOT}",
        EN, ("Lighthouse",), TITLE,
    ),
    "marked-up text in the JSON-LD alone": (
        "<html><head><script type=application/ld+json>"
        + json.dumps({**STATED, "articleBody": paragraphs(*EN).replace("Work", "<b>Work</b> &amp; more. Work")})
        + f"</script></head><body>{MENU}<div id=root></div>{FOOT}",
        (*EN[:2], f"Work & more. {EN[2]}", EN[3]), ("<", "&amp;"), TITLE,
    ),
    "streamed by React": (
        f"{HEAD}{MENU}<!--$?--><template id=B:0></template><!--/$-->{FOOT.removesuffix('</body></html>')}"
        f"<div hidden id=S:0><article><h1>{TITLE}</h1>{paragraphs(*EN)}</article></div><script>$RC('B:0','S:0')</script>",
        EN, ("Lighthouse",), TITLE,
    ),
    "no body element": (f"<title>{TITLE}</title><article><h1>{TITLE}</h1>{paragraphs(*EN)}</article>", EN, (), TITLE),
    "weblog with share buttons": (
        f"{HEAD}{MENU}<article class=post><h1 class=entry-title>{TITLE}</h1><div class=entry-meta>Posted on March 5, 2024 by "
        "<span class=author>Harbour Desk</span></div><div class=entry-content><div class=sharedaddy><h3>Share this:</h3><ul><li>"
        f"<a>Facebook</a></ul></div>{paragraphs(*EN)}<div class=sharedaddy><h3>Share this:</h3><ul><li><a>Click to share on Facebook "
        "(Opens in new window)</a></ul></div></div></article><div id=comments><h2>2 thoughts</h2><ol><li><p>Great article, thank "
        f"you for writing this down for all of us!</p></ol></div>{FOOT}",
        EN, ("Facebook", "Share", "Great article", "Lighthouse"), TITLE,
    ),
    "AMP": (
        f"<html ⚡><head><title>{TITLE}</title></head><body><amp-sidebar><ul><li><a href=/n>News</a></ul></amp-sidebar>"
        f"<div class=amp-wp-article><h1>{TITLE}</h1><amp-img src=a.jpg><noscript><img src=a.jpg></noscript></amp-img><div>"
        f"{paragraphs(*EN[:2])}<amp-ad type=x></amp-ad>{paragraphs(*EN[2:])}</div></div><footer>© Harbour Post</footer></body></html>",
        EN, ("News", "©"), TITLE,
    ),
    "Chinese portal": (
        "<html><head><meta charset=gb2312><title>水管更新计划获通过_新闻中心_明湖网</title></head><body><div class=nav><a href=/>首页"
        "</a>|<a href=/f>财经</a></div><div>您的位置：<a>首页</a> &gt; <a>新闻</a> &gt; 正文</div><h1>水管更新计划获通过</h1><div>2024年"
        f"03月05日 10:00　来源：海港通讯　作者：林海</div><div id=artibody>{paragraphs(*(f'　　{line}' for line in ZH))}</div>"
        "<div class=share>分享到： 微博 微信</div><div class=footer>明湖网版权所有 未经授权禁止转载</div></body></html>",
        ZH, ("首页", "微博", "版权所有", "您的位置"), "水管更新计划获通过",
    ),
    "Korean portal": (
        "<html lang=ko><head><title>수도관 교체 계획 통과 - 하버일보</title></head><body><div id=gnb><a href=/p>정치</a><a href=/e>경제</a>"
        "</div><div class=view><h3>수도관 교체 계획 통과</h3><div class=info>김항구 기자 | 승인 2024.03.05 10:00 | 댓글 0</div>"
        f"<div id=articleBody>{'<br><br>'.join(KO)}<br></div><div class=copy>저작권자 © 하버일보 무단전재 및 재배포 금지</div></div>"
        "<div id=footer>하버일보 | 대표전화 : 02-000-0000 | 발행인 : 박하늘</div></body></html>",
        KO, ("정치", "무단전재", "발행인", "댓글"), "수도관 교체 계획 통과",
    ),
    "a wire's page of a release": (
        f"{HEAD}{MENU}<main><h1>{TITLE}</h1><div><p>News provided by</p><a href=/x><b>Harbour Pumps Ltd</b></a><p>05 Mar, 2024, 09:00 ET"
        f"</p></div><div>Share this article</div><section><p>HARBOUR CITY, March 5, 2024 /HarbourWire/ -- {EN[0]}</p>{paragraphs(*EN[1:])}"
        "<p><b>About Harbour Pumps Ltd</b></p><p>Harbour Pumps Ltd makes pumps for ports and has 200 staff in three countries.</p>"
        f"<p>SOURCE Harbour Pumps Ltd</p></section></main>{FOOT}",
        (*EN[1:], "About Harbour Pumps Ltd", "SOURCE Harbour Pumps Ltd"), ("News provided by", "Share", "Lighthouse"), TITLE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_text_is_whole_and_the_chrome_out_of_it(layout: str) -> None:
    html, lines, never, title = LAYOUTS[layout]
    found = read(html, "gb18030" if "gb2312" in html else "utf-8")
    assert (found.kind, found.title) == ("article", title)
    text = found.article.text.split("\n")
    assert [line for line in lines if line not in text] == []
    assert [words for words in never if words in found.article.text] == []


def test_an_author_among_date_and_source_is_the_byline() -> None:
    html, *_ = LAYOUTS["Chinese portal"]
    assert read(html, "gb18030").article.byline == "林海"


def test_what_a_frameset_says_to_those_without_frames_is_no_article() -> None:
    html = (
        f"<html><title>x</title><frameset><frame src=main.html><noframes>{paragraphs(*EN)}</noframes></frameset></html>"
    )
    assert (read(html).kind, read(html).article.text) == ("other", "")


@pytest.mark.parametrize(
    "bodies",
    [
        ["\n".join(EN), "\n".join(EN[::-1])],  # a list of articles, each with its body
        ["A caption of the photograph."],
    ],
)
def test_stated_bodies_that_are_not_the_pages_own_text_are_left(bodies: list[str]) -> None:
    stated = [{"@type": "NewsArticle", "headline": "x", "articleBody": body} for body in bodies]
    found = read(f"{HEAD}<script type=application/ld+json>{json.dumps(stated)}</script>{MENU}<div id=root></div>{FOOT}")
    assert found.article.text == ""
