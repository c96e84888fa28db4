"""Domain values as protobuf messages, and back."""

from kinora.likeness.v1 import likeness_service_pb2 as pb
from kinora_faces.analysis import Outcome, Verdict
from kinora_faces.challenge import Attempt, Challenge, Needs
from kinora_faces.likeness import Still, Strokes, Thing
from kinora_faces.likeness.strokes import BREADTH

from kinora_likeness import domain
from kinora_likeness.domain import BadField

_OUTCOMES = {
    Outcome.APPROVED: pb.OUTCOME_APPROVED,
    Outcome.RETRY: pb.OUTCOME_RETRY,
    Outcome.REVIEW: pb.OUTCOME_REVIEW,
    Outcome.DECLINED: pb.OUTCOME_DECLINED,
}


def needs(asked: pb.Needs) -> Needs:
    return Needs(asked.cannot_turn, asked.cannot_speak, asked.slow, asked.spoken)


def challenge(made: Challenge) -> pb.MakeChallengeResponse:
    items = [pb.ChallengeItem(after_s=item.after_s, prompt=item.prompt, word=item.word, move=item.move or "") for item in made.items]
    return pb.MakeChallengeResponse(challenge_json=made.to_json(), items=items, ends_s=made.ends_s)


def attempt(request: pb.AnalyseClipRequest) -> Attempt:
    """Raises BadField."""
    received_s = request.received_s if request.HasField("received_s") else None
    return domain.attempt(request.challenge_json, request.reveals, received_s, request.typed)


def verdict(verdict: Verdict) -> pb.AnalyseClipResponse:
    reasons = [pb.Reason(code=reason, advice=reason.advice) for reason in verdict.reasons]
    return pb.AnalyseClipResponse(outcome=_OUTCOMES[verdict.outcome], reasons=reasons, remarks=verdict.remarks)


def moment(request: pb.LookAtRequest | pb.CutOutRequest) -> float | None:
    """Raises BadField."""
    return domain.moment(request.at_s if request.HasField("at_s") else None)


def still(still: Still) -> pb.LookAtResponse:
    return pb.LookAtResponse(jpeg=still.jpeg, seconds=still.seconds)


def strokes(drawn: pb.Strokes) -> Strokes:
    """Raises BadField."""
    keep, remove = (tuple(tuple((p.x, p.y) for p in line.points) for line in lines) for lines in (drawn.keep, drawn.remove))
    start: pb.Point = getattr(drawn, "from")  # a word of Python's own
    try:
        return Strokes((start.x, start.y, drawn.to.x, drawn.to.y), keep, remove, drawn.breadth or BREADTH)
    except ValueError as wrong:
        raise BadField("strokes", str(wrong)) from wrong


def thing(cut: Thing) -> pb.CutOutResponse:
    return pb.CutOutResponse(package=cut.to_bytes(), png=cut.png, colours=cut.colours)
