"""The terms under which weights may be used, as the sheets of their families tell them."""

from collections.abc import Collection
from functools import cache

from kinora.engine.v1.engine_pb2 import Licence
from kinora_engine.sheets import FAMILIES, shipped

NONE = "none"
_RANDOM = Licence(id=NONE, name="No licence: random weights of our own making")


class LicenceNotAccepted(Exception):
    """The operator has not yet named the licence; the message holds its terms and says how to accept them."""


@cache
def known() -> dict[str, Licence]:
    """Licences whose terms are known here, by their ids."""
    told = [shipped(family).licence for family in FAMILIES]
    return {licence.id: licence for licence in (*told, _RANDOM)}


def check_accepted(asked: Licence, accepted: Collection[str]) -> None:
    """Raises LicenceNotAccepted unless it needs no consent or its id is among the accepted ones."""
    if asked.must_be_accepted and asked.id not in accepted:
        terms = "\n".join(f"- {term}" for term in asked.terms)
        raise LicenceNotAccepted(
            f"These weights come under the licence {asked.id!r} ({asked.name}, {asked.url}), "
            f"which the operator has not accepted:\n{terms}\n"
            f"Whoever has read it and accepts it adds {asked.id!r} to KINORA_LICENCE_ACCEPTED (ids parted by commas)."
        )
