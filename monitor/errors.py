"""What commands tell in one line instead of a traceback.

MonitorError
├── InputError     what was given on the command line or standard input is wrong (exit 65, EX_DATAERR)
└── NotReachable   something that must be there does not answer (exit 69, EX_UNAVAILABLE)

``monitor.config.ConfigError`` (exit 78) and ``monitor.broker.errors.BrokerError`` stand beside it.
Exit codes: sysexits.h.
"""

from __future__ import annotations


class MonitorError(Exception):
    """Something a person can act on; the text is one line."""

    exit_code = 1


class InputError(MonitorError):
    """What was given is wrong."""

    exit_code = 65


class NotReachableError(MonitorError):
    """Something that must be there does not answer."""

    exit_code = 69
