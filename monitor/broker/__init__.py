"""IO: the local Kafka."""
