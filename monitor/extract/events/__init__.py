"""What may tell an event, what it tells, and which mentions are one incident."""
