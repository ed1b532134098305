"""One address for one article: the canonical form under which two links are compared.

What is dropped never names an article: fragments, tracking parameters, session ids, the mobile, AMP and print forms,
default ports, a trailing slash. What may name one stays: ``?id=``, ``?sid=``, ``?p=`` and every parameter not listed.
``rel=canonical`` and the end of a redirect are given by the caller, who did the fetching.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

MAX_ADDRESS_CHARS = 4096
"""Longer links are refused: servers refuse them too (RFC 9110, section 4.1 asks for 8000 octets)."""

_ROUNDS = 8
"""A link may be wrapped (AMP cache of a mobile page of ...); each round takes off one layer."""

TRACKING_PREFIXES = (
    "utm_",
    "at_",
    "mc_",
    "pk_",
    "mtm_",
    "hsa_",
    "_hs",
    "oly_",
    "vero_",
    "ns_",
    "wt_",
    "itm_",
    "trk_",
    "stm_",
)
"""Campaign parameters by prefix: Google Analytics, AT Internet, Mailchimp, Matomo, HubSpot, Omeda, Vero, comScore, Webtrends."""

TRACKING_NAMES = frozenset(
    (
        "fbclid gclid gclsrc dclid gbraid wbraid msclkid twclid yclid ysclid igshid igsh ttclid li_fat_id rb_clickid "
        "s_cid cmpid cmp cmpgn ocid ncid xtor ftag smid smtyp partner ito ico icid ref_src ref_url referrer referer "
        "__twitter_impression __source spm share_id sharetype share soc_src soc_trk guccounter guce_referrer "
        "guce_referrer_sig mkt_tok ml_subscriber ml_subscriber_hash _ga _gl gs_l zanpid epik cvid oicd feedtype "
        "taid tblci dicbo phpsessid jsessionid aspsessionid sr_share sh traffic_source traffic_medium campaign_id"
    ).split()
)
"""Parameters that say how a reader came, never what is read."""

_VIA_NAMES = frozenset("ref source src from via cid medium channel campaign".split())
_VIA_VALUES = frozenset(
    (
        "rss feed feeds atom twitter facebook fb tw x telegram whatsapp email e-mail mail newsletter nl home homepage "
        "hp google googlenews google_news gnews news_sitemap social share linkedin reddit flipboard apple_news push app "
        "web mobile amp top-stories related more widget ticker banner"
    ).split()
)
"""Ambiguous names are dropped only with a value that tells a channel: ``source=rss``, never ``source=4711``."""

_FORM_PARAMETERS = {
    "amp": frozenset(("", "1", "true", "yes")),
    "outputtype": frozenset(("amp",)),
    "output": frozenset(("amp", "print")),
    "print": frozenset(("", "1", "true", "yes", "y", "print")),
    "printable": frozenset(("", "1", "true", "yes")),
    "view": frozenset(("print", "amp", "mobile")),
    "mode": frozenset(("print", "amp")),
    "mobile": frozenset(("", "1", "true")),
    "m": frozenset(("1",)),
}
"""Parameters that ask for another form of the same page, with the values that do."""

_FORM_HOSTS = frozenset("www www1 www2 www3 m mobile amp touch wap lite".split())
_FORM_PATH = re.compile(
    r"(?:/amp|/amp\.html|\.amp|/print|/printable|/index\.(?:html?|php|aspx?))$", re.IGNORECASE
)
_AMP_HTML = re.compile(r"\.amp(?=\.html?$)", re.IGNORECASE)
_AMP_FIRST = re.compile(r"^/(?:amp|amphtml)(?=/.)", re.IGNORECASE)
_AMP_CACHE = re.compile(r"^/(?:c|v|a)/(?:s/)?(?P<target>.+)$")
_AMP_VIEWER = re.compile(r"^/amp/(?:s/)?(?P<target>.+)$")
_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/?#]*", re.IGNORECASE)
_HOST = re.compile(r"^(?:[^\s/@:?#\[\]]+|\[[0-9a-f:.]+\])$", re.IGNORECASE)
_CLEAN = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[A-Za-z0-9_.-]*)*(?:\?[A-Za-z0-9_.=&-]*)?"
)
"""In such a link nothing needs to be encoded anew."""

_PLAIN_PATH = re.compile(r"(?:/[^/;]+)*/?")
_FORM_WORDS = re.compile(r"amp|print|index", re.IGNORECASE)

_PLAIN = re.compile(
    r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[a-z0-9_-]+)*(?:\.html?)?(?:\?[a-z]+=[0-9]+)?",
    re.IGNORECASE,
)
"""Most addresses look like this after one round, and another round would leave them as they are."""

_PORTS = {"http": 80, "https": 443}


def canonical(url: str | None) -> str | None:
    """Return the canonical address of a link, ``None`` where it is no web address.

    Always ``https``, as the same page is served under both schemes. Doing it twice changes nothing.
    """
    address = _once(url) if url else None
    for _ in range(_ROUNDS):
        if address is None or _PLAIN.fullmatch(address):
            break
        again = _once(address)
        if again == address:
            break
        address = again
    return address


def host_of(url: str | None) -> str | None:
    """Return the host of a link without ``www.`` and its like, ``None`` where there is none."""
    address = canonical(url)
    return urlsplit(address).hostname if address else None


def _once(url: str) -> str | None:
    given = url.strip()
    if not given or len(given) > MAX_ADDRESS_CHARS:
        return None
    try:
        cleaned = given if _CLEAN.fullmatch(given) else _cleaned(given)
        parts = urlsplit(cleaned)
        port = parts.port
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in _PORTS or not parts.hostname or not _HOST.match(parts.hostname):
        return None
    inner = _unwrapped(parts)
    if inner is not None:
        return inner
    return _assembled(parts, port)


def _cleaned(url: str) -> str:
    """Return the link with its characters encoded in one way and its parameters in order."""
    return str(canonicalize_url(url.encode("utf-8", "replace").decode(), keep_fragments=True))


def _unwrapped(parts: SplitResult) -> str | None:
    """Return the address inside an AMP cache's or a search engine's link, ``None`` where it is not one."""
    host = parts.hostname or ""
    query = f"?{parts.query}" if parts.query else ""
    if host.endswith(".cdn.ampproject.org") and (found := _AMP_CACHE.match(parts.path)):
        return f"https://{found['target']}{query}"
    if not re.fullmatch(r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}", host):
        return None
    if found := _AMP_VIEWER.match(parts.path):
        return f"https://{found['target']}{query}"
    if parts.path == "/url":
        targets = [
            v for k, v in parse_qsl(parts.query) if k in ("url", "q") and v.startswith("http")
        ]
        return targets[0] if targets else None
    return None


def _assembled(parts: SplitResult, port: int | None) -> str:
    host = _plain_host((parts.hostname or "").rstrip("."))
    netloc = host if port in (None, *_PORTS.values()) else f"{host}:{port}"
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return urlunsplit(
        ("https", netloc, _plain_path(parts.path), _plain_query(parts.query), fragment)
    )


def _plain_host(host: str) -> str:
    if host.startswith("[") or ":" in host:
        return f"[{host.strip('[]')}]"
    labels = host.split(".")
    while len(labels) > 2 and labels[0] in _FORM_HOSTS:  # noqa: PLR2004 - "m.me" is a site, "m.site.org" is a form
        labels = labels[1:]
    return ".".join(labels)


def _plain_path(path: str) -> str:
    if _PLAIN_PATH.fullmatch(path) and not _FORM_WORDS.search(path):
        return path.rstrip("/")
    plain = _AMP_HTML.sub("", _SESSION.sub("", re.sub(r"/{2,}", "/", path)))
    while True:
        shorter = _AMP_FIRST.sub("", _FORM_PATH.sub("", plain.rstrip("/")))
        if shorter == plain:
            return plain
        plain = shorter


def _plain_query(query: str) -> str:
    if not query:
        return ""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode(sorted((k, v) for k, v in pairs if not _is_noise(k, v)))


def _is_noise(name: str, value: str) -> bool:
    key, said = name.lower(), unquote(value).lower()
    return (
        key in TRACKING_NAMES
        or key.startswith(TRACKING_PREFIXES)
        or (key in _VIA_NAMES and said in _VIA_VALUES)
        or said in _FORM_PARAMETERS.get(key, ())
    )
