"""All of the monitor that can be understood without Kafka."""
