"""A feed server and a webhook receiver on loopback, and articles on invented events."""

import json
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

TOWNS = (
    "Mosul", "Basra", "Tikrit", "Baquba", "Ramadi", "Fallujah", "Samarra", "Kirkuk", "Najaf",
    "Karbala", "Nasiriyah", "Kut", "Sinjar", "Tal Afar", "Erbil", "Sulaymaniyah",
)  # fmt: skip

MOST_LISTED = 60
"""Entries in the feed, as newspapers have."""

_WAYS = (
    (
        "Car bomb kills {n} in {town}",
        "A car bomb exploded outside a bakery in the Iraqi city of {town} on {day}, killing {n} people and wounding {m} others, police said.",
    ),
    (
        "Gunmen shoot dead {n} policemen in {town}",
        "Gunmen in two pickups opened fire on a checkpoint in {town}, Iraq, on {day} and killed {n} policemen, an officer said. {m} passers-by were hurt.",
    ),
    (
        "Air strike on depot in {town} leaves {n} dead",
        "Warplanes bombed an arms depot on the edge of {town}, Iraq, on {day}. The air strike killed {n} fighters and injured {m}, the army said.",
    ),
    (
        "Rockets hit base near {town}, {n} soldiers killed",
        "Rockets struck an army base near the Iraqi city of {town} on {day}, killing {n} soldiers and wounding {m}, the defence ministry said.",
    ),
)


def article(number, started):
    """The entry of a number: another town, another way, other figures."""
    town = TOWNS[number % len(TOWNS)]
    title, text = _WAYS[(number + number // len(TOWNS)) % len(_WAYS)]
    at = started + timedelta(seconds=number)
    words = {"town": town, "n": 2 + number % 7, "m": 11 + number % 13, "day": f"{at:%A}"}
    return {
        "link": f"https://press.example/{number}",
        "title": title.format(**words),
        "text": text.format(**words),
        "at": at,
    }


def rss(articles):
    items = "".join(
        f"<item><title>{escape(a['title'])}</title><link>{a['link']}</link><guid>{a['link']}</guid>"
        f"<pubDate>{format_datetime(a['at'])}</pubDate><description>{escape(a['text'])}</description></item>"
        for a in reversed(articles)
    )
    head = "<channel><title>Press</title><link>https://press.example/</link><description>x</description>"
    return f'<?xml version="1.0"?><rss version="2.0">{head}{items}</channel></rss>'.encode()


class _Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body=b"", kind="text/plain"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server:
    """An HTTP server in a thread for the time of a block."""

    def __init__(self):
        outer = self

        class Handler(_Quiet):
            def do_GET(self):
                outer.get(self)

            def do_POST(self):
                outer.post(self)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exc):
        self.server.shutdown()
        self.server.server_close()


class Press(_Server):
    """A feed that grows: ``publish`` adds the next articles."""

    def __init__(self):
        super().__init__()
        self.started = datetime.now(UTC).replace(microsecond=0)
        self.articles = []
        self.times = {}
        self.url += "/feed.xml"

    def publish(self, count=1):
        for _ in range(count):
            new = article(len(self.articles), self.started)
            self.times[new["link"]] = datetime.now(UTC)
            self.articles.append(new)

    def get(self, request):
        request.answer(200, rss(self.articles[-MOST_LISTED:]), "application/rss+xml")


class Receiver(_Server):
    """A webhook's receiver: what came, in order, as (webhook id, event)."""

    def __init__(self):
        super().__init__()
        self.came = []
        self.times = []

    def post(self, request):
        body = request.rfile.read(int(request.headers["Content-Length"]))
        self.times.append(datetime.now(UTC))
        self.came.append((request.headers["webhook-id"], json.loads(body)))
        request.answer(200)

    def ids(self):
        """Webhook ids by alert id."""
        found = {}
        for webhook, event in list(self.came):
            found.setdefault(event["id"], set()).add(webhook)
        return found
