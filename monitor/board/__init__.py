"""The board: a view of what Kafka holds, its API and its page. All of it can be rebuilt from Kafka."""
