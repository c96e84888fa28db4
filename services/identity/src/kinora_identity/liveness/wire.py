"""Liveness sessions as protobuf messages."""

from kinora.identity.v1 import liveness_service_pb2 as pb

from kinora_identity.liveness.domain import NEEDS, Item, Liveness

_STATES = {name.removeprefix("LIVENESS_STATE_").lower(): number for name, number in pb.LivenessState.items()}
_WAITS = ("created", "capturing", "approved")


def session(session: Liveness, *, tries_left: int, upload_allowed: bool) -> pb.LivenessSession:
    return pb.LivenessSession(
        id=session.id,
        account_id=session.account_id,
        state=_STATES[session.state],
        expires_at=int(session.expires_at.timestamp()) if session.expires_at and session.state in _WAITS else 0,
        reasons=[pb.LivenessReason(code=reason.code, advice=reason.advice) for reason in session.reasons],
        tries_left=tries_left,
        created_at=int(session.created_at.timestamp()),
        language=session.language,
        needs=pb.LivenessNeeds(**dict.fromkeys(session.needs, True)),
        upload_allowed=upload_allowed,
    )


def prompt(number: int, of: int, item: Item) -> pb.Prompt:
    return pb.Prompt(number=number, of=of, text=item.prompt, word=item.word, move=item.move)


def needs(needs: pb.LivenessNeeds) -> list[str]:
    """The names of those that are asked for."""
    return [name for name in NEEDS if getattr(needs, name)]
