"""The page's files: light, served compressed, and allowed to load nothing but what is configured."""

import gzip
import json
import re
from importlib import resources

import pytest
from newsroom import Newsroom
from pydantic import ValidationError
from test_api import Desk

from monitor.board.section import Tiles

WEB = resources.files("monitor.board") / "web"
OSM = {"url": "https://tile.example.org/{z}/{x}/{y}.png", "attribution": 'A "map" <i>'}


def policy(answer):
    parts = answer.headers["content-security-policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


def test_every_script_is_named_in_the_head_so_that_none_waits_for_another(lite):
    page = Desk(lite, Newsroom()).get("/").text
    named = re.findall(r'<link rel="modulepreload" href="/static/(\w+\.js)">', page)
    started = re.findall(r'<script type="module" src="/static/(\w+\.js)">', page)
    scripts = {file.name for file in WEB.iterdir() if file.name.endswith(".js")}
    assert sorted([*named, *started]) == sorted(scripts)


def test_provinces_come_a_country_at_a_time(lite):
    desk = Desk(lite, Newsroom())
    iraq = desk.get("/static/provinces-IQ.json")
    assert len(iraq.json()["lines"]) > 17
    assert len(iraq.content) < 3_000
    for name in ("provinces-XX.json", "provinces-iq.json", "provinces.json"):
        assert desk.get(f"/static/{name}").status_code == 404


def test_a_file_is_the_same_compressed_or_not(lite):
    client = Desk(lite, Newsroom()).client
    url = "/static/world-50.json"
    plain = client.get(url, headers={"accept-encoding": "identity"})
    packed = client.get(url, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) * 0.7
    assert plain.content == packed.content == (WEB / "world-50.json").read_bytes()
    assert plain.headers["etag"] == packed.headers["etag"]
    again = client.get(url, headers={"if-none-match": plain.headers["etag"]})
    assert again.status_code == 304


def test_what_a_near_first_view_loads_stays_below_200_kb():
    """All scripts, both outlines and ten countries' provinces; the browser's test weighs the answers too."""
    whole = json.loads((WEB / "provinces.json").read_text())["countries"]
    largest = sorted((json.dumps(lines).encode() for lines in whole.values()), key=len)[-10:]
    files = [f.read_bytes() for f in WEB.iterdir() if f.name != "provinces.json"]
    assert sum(len(gzip.compress(raw, 9)) for raw in [*files, *largest]) < 200_000


def test_pictures_come_from_elsewhere_only_where_tiles_are_configured(lite):
    without = Desk(lite, Newsroom()).get("/")
    assert policy(without)["img-src"] == "'self' data:"
    assert 'name="tiles"' not in without.text
    with_tiles = Desk(lite, Newsroom(), tiles=OSM).get("/")
    assert policy(with_tiles)["img-src"] == "'self' data: https://tile.example.org"
    rest = [{k: v for k, v in policy(a).items() if k != "img-src"} for a in (without, with_tiles)]
    assert rest[0] == rest[1]
    told = re.search(r'<meta name="tiles" content="([^"]*)">', with_tiles.text)[1]
    assert "<" not in told
    assert "&quot;map&quot; &lt;i&gt;" in told.replace("\\&quot;", "&quot;")


@pytest.mark.parametrize(
    "url",
    [
        "https://tile.example.org/{z}/{x}.png",
        "https://tile.example.org/{z}/{x}/{y}/{y}.png",
        "https://tile.example.org; script-src *//{z}/{x}/{y}",
        "https://tile.example.org/{z}/{x}/{y}.png; script-src *",
        "https://tile.example.org/{z}/{x}/{y}.png, https://evil.example",
        "javascript:alert({x}{y}{z})",
        "https://{z}/{x}/{y}",
    ],
)
def test_an_address_of_tiles_that_could_widen_the_policy_is_refused(url):
    with pytest.raises(ValidationError):
        Tiles(url=url, attribution="x")
