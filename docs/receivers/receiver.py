"""Receive alerts and verify them: Python, standard library only. WEBHOOK_SECRET and PORT come from the environment.

Answer 2xx as soon as the alert is safe with you; do slow work afterwards. The same ``webhook-id`` may come again.
"""

import base64
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

TOLERANCE_S = 300
MAX_BODY_BYTES = 1_000_000


def is_signed(headers, body, secret, now):
    """Tell whether one of the signatures is ours, made for this id, time and body, and not long ago."""
    given_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs(now - int(stamp)) > TOLERANCE_S:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{given_id}.{stamp}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    signatures = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(s.encode(), f"v1,{expected}".encode()) for s in signatures)


class Receiver(BaseHTTPRequestHandler):
    seen = set()  # Keep these in your database: an alert may come again after a restart.

    def do_POST(self):
        size = int(self.headers.get("content-length", 0))
        if size > MAX_BODY_BYTES:
            return self.answer(413)
        body = self.rfile.read(size)
        if not is_signed(self.headers, body, os.environ["WEBHOOK_SECRET"], time.time()):
            return self.answer(401)
        if self.headers["webhook-id"] not in self.seen:
            self.seen.add(self.headers["webhook-id"])
            event = json.loads(body)
            print(event["type"], event["data"]["headline"], flush=True)
        return self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.end_headers()

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8099"))), Receiver).serve_forever()
