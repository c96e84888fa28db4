"""Who may do what with a cameo: one pure function over viewer, relation, setting and route."""

from dataclasses import dataclass
from enum import StrEnum

from kinora_cameo.domain import Audience


class Viewer(StrEnum):
    """Who asks. Staff has no right to a likeness that a person would not have."""

    OWNER = "owner"
    PERSON = "person"
    STAFF = "staff"


class Route(StrEnum):
    """What for. SUBMIT, DISPATCH and PUBLISH are one use at three times."""

    FIND = "find"
    SUBMIT = "submit"
    DISPATCH = "dispatch"
    PUBLISH = "publish"
    OVERSEE = "oversee"
    """Seeing, deleting and reporting the videos with the likeness."""
    MANAGE = "manage"
    """Changing consent, deciding on people, withdrawing."""


@dataclass(frozen=True)
class Relation:
    """Between the viewer and the owner. `approved`: what the owner decided by name, None when nothing. A block counts from either side."""

    approved: bool | None = None
    follows: bool = False
    followed: bool = False
    blocked: bool = False


@dataclass(frozen=True)
class Setting:
    """`fresh`: within the first 24 hours. `limited`: has limits in words, which nothing can check yet."""

    audience: Audience = Audience.ONLY_ME
    fresh: bool = False
    strict: bool = False
    limited: bool = False
    withdrawn: bool = False


@dataclass(frozen=True)
class Scene:
    """What the video does with the cameo: has it speak, shows it beside another owner's."""

    speaks: bool = False
    accompanied: bool = False


class Basis(StrEnum):
    """Why it is allowed."""

    OWNER = "owner"
    APPROVAL = "approval"
    MUTUAL = "mutual"
    EVERYONE = "everyone"


class Refusal(StrEnum):
    """Why it is not."""

    WITHDRAWN = "withdrawn"
    NOT_OWNER = "not_owner"
    BLOCKED = "blocked"
    REFUSED = "refused"
    FRESH = "fresh"
    ONLY_ME = "only_me"
    NOT_APPROVED = "not_approved"
    NOT_MUTUAL = "not_mutual"
    UNCHECKED_LIMITS = "unchecked_limits"
    STRICT_SPEECH = "strict_speech"
    STRICT_COMPANY = "strict_company"


SILENT_AND_ALONE = Scene()


def decide(viewer: Viewer, relation: Relation, setting: Setting, route: Route, scene: Scene = SILENT_AND_ALONE) -> Basis | Refusal:
    if viewer is not Viewer.OWNER and route in {Route.OVERSEE, Route.MANAGE}:
        return Refusal.NOT_OWNER
    if setting.withdrawn and route is not Route.OVERSEE:
        return Refusal.WITHDRAWN
    if viewer is Viewer.OWNER:
        return Basis.OWNER
    if barred := _barred(relation, setting):
        return barred
    admitted = _admitted(relation, setting.audience)
    if isinstance(admitted, Refusal) or route is Route.FIND:
        return admitted
    return _against_limits(setting, scene) or admitted


def _barred(relation: Relation, setting: Setting) -> Refusal | None:
    """What no approval helps against."""
    if relation.blocked:
        return Refusal.BLOCKED
    if relation.approved is False:
        return Refusal.REFUSED
    if setting.fresh:
        return Refusal.FRESH
    return Refusal.ONLY_ME if setting.audience is Audience.ONLY_ME else None


def _admitted(relation: Relation, audience: Audience) -> Basis | Refusal:
    if relation.approved:
        return Basis.APPROVAL
    if audience is Audience.EVERYONE:
        return Basis.EVERYONE
    if audience is Audience.APPROVED:
        return Refusal.NOT_APPROVED
    return Basis.MUTUAL if relation.follows and relation.followed else Refusal.NOT_MUTUAL


def _against_limits(setting: Setting, scene: Scene) -> Refusal | None:
    if setting.limited:
        return Refusal.UNCHECKED_LIMITS
    if setting.strict and scene.speaks:
        return Refusal.STRICT_SPEECH
    if setting.strict and scene.accompanied:
        return Refusal.STRICT_COMPANY
    return None
