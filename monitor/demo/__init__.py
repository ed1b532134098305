"""A feed of sample articles on loopback, so that the monitor can be seen at work without the internet."""
