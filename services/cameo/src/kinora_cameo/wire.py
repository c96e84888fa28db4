"""Domain values as protobuf messages, and back."""

from datetime import datetime

from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.likeness.v1.likeness_service_pb2 import Point, Stroke, Strokes

from kinora_cameo.domain import MAX_POINTS, Audience, BadField, Cameo, Kind, Person
from kinora_cameo.use_store import Use

_KINDS = {Kind.PERSON: pb.CAMEO_KIND_PERSON, Kind.PET: pb.CAMEO_KIND_PET, Kind.OBJECT: pb.CAMEO_KIND_OBJECT}
_THINGS: dict[int, Kind] = {pb.CAMEO_KIND_PET: Kind.PET, pb.CAMEO_KIND_OBJECT: Kind.OBJECT}
_AUDIENCES = {
    Audience.ONLY_ME: pb.AUDIENCE_ONLY_ME,
    Audience.APPROVED: pb.AUDIENCE_APPROVED,
    Audience.MUTUALS: pb.AUDIENCE_MUTUALS,
    Audience.EVERYONE: pb.AUDIENCE_EVERYONE,
}
_STATES = {
    "submitted": pb.USE_STATE_QUEUED,
    "dispatched": pb.USE_STATE_IN_PROGRESS,
    "published": pb.USE_STATE_IN_PROGRESS,
    "completed": pb.USE_STATE_COMPLETED,
}


def thing_kind(number: int) -> Kind:
    if number not in _THINGS:
        raise BadField("kind", "kind must be pet or object; people enter by enrolling themselves.")
    return _THINGS[number]


def strokes(drawn: pb.CutThingRequest) -> Strokes:
    """As likeness calls them: messages of the same fields. What is wrong with them likeness says."""
    points = sum(len(stroke.points) for stroke in (*drawn.keep, *drawn.remove))
    if points > MAX_POINTS:
        raise BadField("keep", f"{points:,} points are too many; at most {MAX_POINTS:,} in all strokes.")
    corners = {name: Point.FromString(getattr(drawn, name).SerializeToString()) for name in ("from", "to") if drawn.HasField(name)}
    keep, remove = [[Stroke.FromString(each.SerializeToString()) for each in strokes] for strokes in (drawn.keep, drawn.remove)]
    return Strokes(keep=keep, remove=remove, breadth=drawn.breadth, **corners)


def audience(number: int, present: Audience) -> Audience:
    """The present one when unspecified."""
    if number == pb.AUDIENCE_UNSPECIFIED:
        return present
    found = next((audience for audience, known in _AUDIENCES.items() if known == number), None)
    if found is None:
        raise BadField("audience", f"audience must be one of {', '.join(Audience)}.")
    return found


def found(cameo: Cameo, *, mine: bool) -> pb.FindCameoResponse:
    at = seconds(cameo.enrolled_at)
    return pb.FindCameoResponse(cameo_id=cameo.id, handle=cameo.handle, kind=_KINDS[cameo.kind], mine=mine, enrolled_at=at)


def cameo(cameo: Cameo) -> pb.Cameo:
    return pb.Cameo(
        id=cameo.id,
        account_id=cameo.account_id,
        handle=cameo.handle,
        kind=_KINDS[cameo.kind],
        audience=_AUDIENCES[cameo.audience],
        only_me_until=seconds(cameo.only_me_until),
        strict=cameo.strict,
        limits=cameo.limits,
        enrolled_at=seconds(cameo.enrolled_at),
        withdrawn_at=seconds(cameo.withdrawn_at),
        notes=_notes(cameo),
    )


def person(person: Person) -> pb.Person:
    return pb.Person(account_id=person.account_id, approved=person.approved, decided_at=seconds(person.decided_at))


def use(use: Use) -> pb.Use:
    ending = use.removed_at or (use.revoked_at and use.stage != "completed")
    return pb.Use(
        video_id=use.video_id,
        user_account_id=use.user_account_id,
        state=pb.USE_STATE_ENDING if ending else _STATES[use.stage],
        used_at=seconds(use.used_at),
        speaks=use.speaks,
        receipt=use.receipt,
    )


def seconds(time: datetime | None) -> int:
    """Unix seconds; 0 for none."""
    return int(time.timestamp()) if time else 0


def _notes(cameo: Cameo) -> list[str]:
    """Where a setting does not mean what it says, or not yet."""
    shared = cameo.audience is not Audience.ONLY_ME and cameo.withdrawn_at is None
    told = {
        "For its first hours a cameo is its owner's alone: what you have set counts from only_me_until on.": shared and cameo.fresh,
        "Nobody can follow anybody here yet, so mutuals are nobody for now; the people you approve may use it.": (
            cameo.audience is Audience.MUTUALS
        ),
        "Limits in words cannot be checked here yet, so nobody but you may use it while it has any.": shared and bool(cameo.limits),
    }
    return [note for note, applies in told.items() if applies]
