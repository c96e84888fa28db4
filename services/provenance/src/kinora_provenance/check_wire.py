"""Findings as protobuf messages."""

from collections.abc import Mapping

from kinora.provenance.v1 import check_service_pb2 as pb
from kinora_marks.payload import false_match_bound

from kinora_provenance.checking import Findings, Mark, Marks, Prints
from kinora_provenance.film_store import Film
from kinora_provenance.prints import PrintMatch
from kinora_provenance.verdicts import Verdict

_VERDICTS = {
    Verdict.UNCHANGED: pb.VERDICT_UNCHANGED,
    Verdict.MARKED: pb.VERDICT_MARKED,
    Verdict.ALIKE: pb.VERDICT_ALIKE,
    Verdict.TRANSPLANTED: pb.VERDICT_TRANSPLANTED,
}


def match(record: pb.Record, verdict: Verdict, explanation: str) -> pb.Match:
    return pb.Match(record=record, verdict=_VERDICTS[verdict], explanation=explanation)


def c2pa(findings: Findings, signed: Film | None, *, ours: bool) -> pb.C2paSignal:
    """`signed`: the film that it is a manifest of."""
    manifest = findings.manifest
    outcome = pb.OUTCOME_DETECTED if ours else pb.OUTCOME_NOT_DETECTED if findings.can_bear_manifest else pb.OUTCOME_NOT_APPLICABLE
    return pb.C2paSignal(
        outcome=outcome,
        validation_state=manifest.state,
        issuer=manifest.issuer,
        model=manifest.model,
        generated_at=made_at(signed) or manifest.signed_at,
        manifest_label=manifest.label,
        video_id=(signed and signed.video_id) or "",
        problem=manifest.problem,
    )


def mark(marks: Marks, known: Mapping[int, Film], ids: int) -> pb.MarkSignal:
    """Of ids that are known; so many are."""
    if not marks.looked:
        return pb.MarkSignal(outcome=pb.OUTCOME_NOT_APPLICABLE)
    found = sorted((each for each in marks.found if each.identity in known), key=_seconds, reverse=True)
    bound = false_match_bound(max(1, marks.readings), max(1, ids))
    if not found:
        return pb.MarkSignal(outcome=pb.OUTCOME_NOT_DETECTED, false_positive_bound=bound)
    film = known[found[0].identity]
    return pb.MarkSignal(
        outcome=pb.OUTCOME_DETECTED,
        segments=sorted((each for one in found for each in _segments(one, known)), key=lambda segment: segment.start_s),
        video_id=film.video_id or "",
        false_positive_bound=bound,
        generated_at=made_at(film),
        model=film.engine,
        changes=found[0].changes,
    )


def prints(asked: Prints, alike: Mapping[int, PrintMatch], films: Mapping[int, Film]) -> pb.PrintSignal:
    if not asked.pictures and not asked.words:
        return pb.PrintSignal(outcome=pb.OUTCOME_NOT_APPLICABLE)
    matches = [print_match(match, films[identity]) for identity, match in alike.items()]
    return pb.PrintSignal(outcome=pb.OUTCOME_DETECTED if matches else pb.OUTCOME_NOT_DETECTED, matches=matches)


def print_match(match: PrintMatch, film: Film | None) -> pb.PrintMatch:
    return pb.PrintMatch(
        video_id=match.video_id,
        picture_share=match.picture_share,
        sound_share=match.sound_share,
        distance=match.distance,
        turned=match.turned,
        generated_at=made_at(film),
        model=film.engine if film else "",
    )


def made_at(film: Film | None) -> int:
    """Unix seconds; 0 for none."""
    return int(film.made_at.timestamp()) if film else 0


def _segments(mark: Mark, known: Mapping[int, Film]) -> list[pb.Segment]:
    video_id = known[mark.identity].video_id or ""
    return [pb.Segment(start_s=span.start_s, end_s=span.end_s, video_id=video_id, score=span.score) for span in mark.spans]


def _seconds(mark: Mark) -> float:
    return sum(span.end_s - span.start_s for span in mark.spans)
