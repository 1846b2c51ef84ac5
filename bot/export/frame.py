"""What does a document say beside its incidents? Its title and id, where pages are, when versions were made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from extract.types import Frozen, Incident, Lifecycle

TITLE = "Tocsin: incidents"
ID = "urn:tocsin:incidents"


class Frame(Frozen, frozen=True, kw_only=True):
    """What a document is, and what its incidents' records don't hold.

    ``address`` is the document's own, empty for a file. ``pages`` is the beginning of the addresses of incidents'
    pages, up to the id; empty where there are none. ``made`` is when each version of an incident was made, by the
    incident's id and from the first version on.
    """

    title: str = TITLE
    id: str = ID
    address: str = ""
    pages: str = ""
    made: Mapping[str, tuple[datetime, ...]] = {}

    def page(self, incident: Incident) -> str:
        """The address of an incident's page; empty where it has none."""
        return f"{self.pages}{incident.id}" if self.pages else ""

    def changed(self, incident: Incident, version: int = 0) -> datetime:
        """When a version of an incident was made, the newest without a number.

        Where that isn't recorded, when the service learned of it last, or of an earlier version first.
        """
        number = version or incident.version
        made = self.made.get(incident.id, ())
        if 0 < number <= len(made):
            return made[number - 1]
        return incident.last_seen if number == incident.version else incident.first_seen

    def told(self, incident: Incident) -> datetime:
        """When there was last news of an incident: its last report, or when it was taken back or merged.

        That its record became stable or closed is none.
        """
        is_over = incident.lifecycle is Lifecycle.RETRACTED or bool(incident.merged_into)
        return self.changed(incident) if is_over else incident.last_seen


PLAIN = Frame()


def told_title(incident: Incident) -> str:
    """An incident in one line, which says first whether it was taken back."""
    if incident.lifecycle is Lifecycle.RETRACTED:
        return f"Taken back: {incident.summary}"
    return incident.summary
