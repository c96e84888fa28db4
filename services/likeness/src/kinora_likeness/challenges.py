"""What a person is asked to do."""

from kinora_faces.challenge import Challenge, LanguageNotSpoken, Needs, make_challenge

from kinora_likeness.domain import BadField


def make(language: str, needs: Needs) -> Challenge:
    """A fresh challenge; English when no language is named. Raises BadField."""
    try:
        return make_challenge(language or "en", needs)
    except LanguageNotSpoken as unknown:
        raise BadField("language", str(unknown)) from unknown
