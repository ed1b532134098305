"""The wiring: Faust agents, one stage a file. Only this package knows Kafka and Faust."""
