"""What `consent.decide` says of a stored cameo, an account and a route, as things stand in a transaction."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo import store
from kinora_cameo.consent import SILENT_AND_ALONE, Basis, Refusal, Route, Scene, Setting, Viewer, decide
from kinora_cameo.domain import Cameo
from kinora_cameo.metrics import DECISIONS

_STAFF = frozenset({"moderator", "operator"})


@dataclass(frozen=True)
class Ruling:
    """`grant_id`: the entry of the consent log that it rests on."""

    outcome: Basis | Refusal
    grant_id: str

    @property
    def refused(self) -> bool:
        return isinstance(self.outcome, Refusal)


async def ruling(
    tx: AsyncConnection, cameo: Cameo, account_id: str, route: Route, scene: Scene = SILENT_AND_ALONE, *, role: str = "user"
) -> Ruling:
    person = await store.person(tx, cameo.id, account_id)
    relation = await store.relation(tx, account_id, cameo.account_id, person)
    outcome = decide(_viewer(cameo, account_id, role), relation, setting(cameo), route, scene)
    DECISIONS.labels(route, "refused" if isinstance(outcome, Refusal) else "allowed", outcome).inc()
    return Ruling(outcome, person.grant_id if person and outcome is Basis.APPROVAL else cameo.grant_id)


def setting(cameo: Cameo) -> Setting:
    return Setting(cameo.audience, cameo.fresh, cameo.strict, bool(cameo.limits), cameo.withdrawn_at is not None)


def _viewer(cameo: Cameo, account_id: str, role: str) -> Viewer:
    if account_id == cameo.account_id:
        return Viewer.OWNER
    return Viewer.STAFF if role in _STAFF else Viewer.PERSON
