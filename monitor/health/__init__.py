"""Pure: whether a process stands still and is to be restarted, or is not to be counted on yet."""
