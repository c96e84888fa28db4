"""Which music goes with a mood."""

from kinora_world.catalogue import entries


def bed(mood: str | None) -> str | None:
    """The bed that goes with a mood; any bed for plain "music"."""
    if mood is None:
        return None
    beds = {name: entry.get("moods", ()) for name, entry in entries("music").items() if name != "none"}
    return next((name for name, moods in beds.items() if mood in moods or not mood), None)
