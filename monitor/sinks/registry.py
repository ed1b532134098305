"""All kinds of sinks: a config class and the class that delivers, one line each."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from monitor.sinks.alertmanager import Alertmanager, AlertmanagerConfig
from monitor.sinks.apprise import Apprise, AppriseConfig
from monitor.sinks.base import Sink, SinkConfig
from monitor.sinks.console import Console, ConsoleConfig
from monitor.sinks.file import File, FileConfig
from monitor.sinks.webhook import Webhook, WebhookConfig

# The classes differ in their constructor's config type, which the keys tie together.
KINDS: dict[type[SinkConfig], Any] = {
    WebhookConfig: Webhook,
    ConsoleConfig: Console,
    FileConfig: File,
    AlertmanagerConfig: Alertmanager,
    AppriseConfig: Apprise,
}

AnySinkConfig = Annotated[
    WebhookConfig | ConsoleConfig | FileConfig | AlertmanagerConfig | AppriseConfig,
    Field(discriminator="type"),
]


def make(config: SinkConfig) -> Sink:
    """Return the sink that a config describes."""
    sink: Sink = KINDS[type(config)](config)
    return sink
