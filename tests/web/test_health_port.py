"""The port of figures and health: pages of other names read nothing, bodies are not taken, a taken port is told."""

import asyncio
import socket

import pytest
from kafka_tools import free_port
from starlette.testclient import TestClient

from agents.serving import check_port
from agents.settings import KafkaSettings, Settings
from monitor import web
from monitor.errors import NotReachableError

HOSTS = [
    ("127.0.0.1:8642", True),
    ("localhost", True),
    ("[::1]:8642", True),
    ("10.1.2.3", True),
    ("monitor:8642", True),
    ("metrics.desk.example", True),
    ("METRICS.desk.example:443", True),
    ("evil.example", False),
    ("evil.example.", False),
    ("127.0.0.1.evil.example", False),
    ("desk.example", False),
    ("user@evil.example", False),
    ("[::1", False),
    ("", False),
]


@pytest.mark.parametrize(("host", "answered"), HOSTS)
def test_names_of_others_are_not_answered(host, answered):
    assert web.is_answered(host, {"metrics.desk.example"}) is answered


async def well():
    return web.Health()


@pytest.fixture
def client():
    return TestClient(web.make_app(well, ["Metrics.Desk.Example"]), base_url="http://127.0.0.1")


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz", "/status", "/nothing"])
def test_a_page_of_another_name_reads_nothing(client, path):
    told = client.get(path, headers={"Host": "rebound.example"})
    assert (told.status_code, told.headers["connection"]) == (421, "close")
    assert "news_monitor" not in told.text


def test_a_configured_name_is_answered(client):
    assert client.get("/healthz", headers={"Host": "metrics.desk.example"}).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("content", [b"x", iter([b"x"])], ids=["length", "chunked"])
def test_a_body_is_not_taken(client, method, content):
    told = client.request(method, "/status", content=content)
    assert (told.status_code, told.headers["connection"]) == (413, "close")


def test_nothing_can_be_changed(client):
    assert client.post("/status").status_code == 405


async def test_an_endless_body_is_cut_off():
    port = free_port()
    server = web.make_server(web.make_app(well), "127.0.0.1", port)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
        await asyncio.sleep(0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /status HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
    async with asyncio.timeout(10):
        head = await reader.read()
    assert head.startswith(b"HTTP/1.1 413")
    writer.close()
    server.should_exit = True
    await serving


def test_two_processes_with_one_port_are_told_apart_before_anything_begins(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        kafka = KafkaSettings(bootstrap_servers=("127.0.0.1:9",))
        settings = Settings(kafka=kafka, state_dir=tmp_path, http_port=port)
        with pytest.raises(NotReachableError, match=rf"port {port} .* set http.port"):
            check_port(settings)
