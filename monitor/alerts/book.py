"""What was announced, under incident ids and subjects of classes of attacks."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.state import AnnouncedRow


class AlertBook:
    """Rows of the alert stage under their keys."""

    def __init__(self) -> None:
        self._rows: dict[str, AnnouncedRow] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def get(self, key: str) -> AnnouncedRow | None:
        """Return what was announced under a key."""
        return self._rows.get(key)

    def put(self, key: str, row: AnnouncedRow | None) -> None:
        """Set the row under ``key``, or delete it where ``row`` is ``None``."""
        if row is None:
            self._rows.pop(key, None)
        else:
            self._rows[key] = row
