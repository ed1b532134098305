"""IO: deliveries to webhooks and other receivers."""
