"""Addresses of the configuration, which may hold a password or a token: how much of them is shown."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, HttpUrl, PlainSerializer


def split_userinfo(address: str) -> tuple[str, str]:
    """Return an address without the user and the password in it, and those, as they stand there."""
    try:
        userinfo, at, _ = urlsplit(address).netloc.rpartition("@")
    except ValueError:
        return address, ""
    return (address.replace(f"{userinfo}@", "", 1), userinfo) if at else (address, "")


def without_userinfo(address: object) -> str | None:
    """Return an address as it may be shown where only its user and password are secret."""
    return None if address is None else split_userinfo(str(address))[0]


def only_host(address: object) -> str:
    """Return an address as it may be shown where its path is a secret, as with many webhooks."""
    parts = urlsplit(without_userinfo(address) or "")
    return f"{parts.scheme}://{parts.netloc}/..."


Shown = PlainSerializer(without_userinfo, return_type=str | None, when_used="json")

Address = Annotated[str, Shown, Field(repr=False)]
"""An address whose user and password are secret; ``MaybeAddress`` may be left out."""
MaybeAddress = Annotated[str | None, Shown, Field(repr=False)]
Hook = Annotated[
    HttpUrl, PlainSerializer(only_host, return_type=str, when_used="json"), Field(repr=False)
]
"""An address of which only the host is shown."""
Server = Annotated[HttpUrl, Shown, Field(repr=False)]
"""The address of a server, whose user and password are secret."""
