"""``python -m monitor`` is ``news-monitor``."""

from monitor.cli.main import main

main()
