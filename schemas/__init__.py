"""What travels between the stages: frozen records, reasons, the codec, and a card for each topic.

Imports the standard library and msgspec (the codec's library) only, so that a receiver of alerts
can use it without the rest of the monitor.
"""
