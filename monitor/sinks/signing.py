"""Standard Webhooks signatures: HMAC-SHA256 over ``id.timestamp.body``, two keys while one is being replaced.

Signing and verifying are the ``standardwebhooks`` library's; here are only the headers and the secrets.
Source: Standard Webhooks specification, sections "Webhook headers" and "Signature scheme".
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import datetime

from standardwebhooks import Webhook, WebhookVerificationError

from monitor.errors import InputError

PREFIX = "whsec_"
MIN_SECRET_BYTES = 24
MAX_SECRET_BYTES = 64
"""The specification's bounds for a symmetric key."""


class SecretError(InputError, ValueError):
    """A secret that cannot sign. The message never holds the secret."""


def check_secret(secret: str) -> str:
    """Return the secret as it was given, or say what is wrong with it.

    Raises:
        SecretError: it is not base64 behind an optional ``whsec_``, or not of 24 to 64 bytes.
    """
    try:
        size = len(base64.b64decode(secret.removeprefix(PREFIX), validate=True))
    except (binascii.Error, ValueError):
        msg = "a webhook secret is base64, with or without whsec_ before it"
        raise SecretError(msg) from None
    if not MIN_SECRET_BYTES <= size <= MAX_SECRET_BYTES:
        msg = f"a webhook secret has {MIN_SECRET_BYTES} to {MAX_SECRET_BYTES} bytes, not {size}"
        raise SecretError(msg)
    return secret


def headers(webhook_id: str, body: bytes, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """Return the three headers of Standard Webhooks; one signature for each secret, the newest first."""
    text = body.decode()
    signatures = " ".join(Webhook(s).sign(webhook_id, now, text) for s in secrets)
    signed = {"webhook-id": webhook_id, "webhook-timestamp": str(int(now.timestamp()))}
    return signed | ({"webhook-signature": signatures} if secrets else {})


def verify(body: bytes, given: Mapping[str, str], secret: str) -> str | None:
    """Return ``None`` where the headers sign the body, else what is wrong in a few words."""
    lower = {name.lower(): value for name, value in given.items()}
    try:
        Webhook(secret).verify(body, lower)
    except (WebhookVerificationError, ValueError, binascii.Error) as exc:
        return str(exc) or type(exc).__name__
    return None
