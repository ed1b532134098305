"""A configuration with a secret in every place that may hold one, and a search for them in what comes out."""

import base64
import json

from monitor.config import Config


def key(name):
    """A webhook's secret."""
    return "whsec_" + base64.b64encode(f"hush-{name}-{'0' * 16}".encode()).decode()


HUSH = {
    "kafka.sasl_password": "hush-kafka-password",
    "poll.proxy": "hush-poll-proxy",
    "feeds.url": "hush-feed-password",
    "feeds.proxy": "hush-feed-proxy",
    "sinks.url": "hush-hook-path",
    "sinks.secrets": key("first"),
    "sinks.headers": "hush-header",
    "sinks.proxy": "hush-sink-proxy",
    "sinks.urls": "hush-apprise",
    "sinks.alertmanager": "hush-alertmanager",
    "tracing.endpoint": "hush-collector",
    "board.database": "hush-database",
    "board.tokens": "hush-reader-token-000",
    "board.editors.token": "hush-editor-token-000",
}

CLOSED = "127.0.0.1:9"
"""Nobody listens there."""


def kafka():
    return f"""
[kafka]
bootstrap_servers = ["{CLOSED}"]
security_protocol = "SASL_PLAINTEXT"
sasl_username = "monitor"
sasl_password = "{HUSH["kafka.sasl_password"]}"
"""


def database():
    return f'database = "postgresql+pg8000://u:{HUSH["board.database"]}@{CLOSED}/x"\n'


def rest(feed=CLOSED, *, in_board="", in_poll="", proxied=True):
    """Everything but ``[kafka]``; where ``proxied`` is not set, without proxies, so that feeds are read."""
    proxies = {
        where: f'proxy = "http://p:{HUSH[where]}@{CLOSED}"\n' if proxied else ""
        for where in ("poll.proxy", "feeds.proxy", "sinks.proxy")
    }
    return f"""
[poll]
lists = []
{proxies["poll.proxy"]}{in_poll}
[tracing]
endpoint = "http://u:{HUSH["tracing.endpoint"]}@{CLOSED}/v1/traces"

[board]
tokens = ["{HUSH["board.tokens"]}"]
editors = [{{name = "desk", token = "{HUSH["board.editors.token"]}"}}]
{in_board}
[[feeds]]
url = "http://reader:{HUSH["feeds.url"]}@{feed}"
name = "Private"
{proxies["feeds.proxy"]}
[[sinks]]
type = "webhook"
name = "desk"
url = "http://{CLOSED}/services/{HUSH["sinks.url"]}?t={HUSH["sinks.url"]}"
secrets = ["{HUSH["sinks.secrets"]}"]
headers = {{Authorization = "Bearer {HUSH["sinks.headers"]}"}}
allow_private = ["127.0.0.0/8"]
{proxies["sinks.proxy"]}
[[sinks]]
type = "alertmanager"
name = "manager"
url = "http://u:{HUSH["sinks.alertmanager"]}@{CLOSED}"
"""


def apprise():
    return f"""
[[sinks]]
type = "apprise"
name = "chat"
enabled = false
urls = ["slack://{HUSH["sinks.urls"]}/b/c"]
"""


def whole():
    return kafka() + rest(in_board=database()) + apprise()


def found_in(text):
    """The places whose secret stands in a text, as it is or decoded."""
    forms = {place: {secret} for place, secret in HUSH.items()}
    forms["sinks.secrets"] |= {HUSH["sinks.secrets"].removeprefix("whsec_"), "hush-first"}
    forms["feeds.url"].add(base64.b64encode(f"reader:{HUSH['feeds.url']}".encode()).decode())
    return sorted(place for place, words in forms.items() if any(word in text for word in words))


def secret_keys():
    """The keys of the schema that hold secrets, and those that hold addresses, which may."""
    schema = Config.model_json_schema()
    names = set()
    for table in (schema, *schema["$defs"].values()):
        for name, field in table.get("properties", {}).items():
            told = json.dumps(field)
            if '"writeOnly": true' in told or name in {"url", "proxy", "endpoint", "database"}:
                names.add(name)
    return names
