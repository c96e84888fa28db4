"""Schemas of the C2PA Soft Binding Resolution API 1.0."""

from collections.abc import Iterable
from typing import Annotated

from kinora.provenance.v1 import check_service_pb2 as pb
from pydantic import BaseModel, Field

from kinora_gateway.schemas import Answer

MaxResults = Annotated[int, Field(ge=1, description="Manifests at most.")]
_WORTH = {pb.VERDICT_UNCHANGED: 100, pb.VERDICT_MARKED: 90, pb.VERDICT_ALIKE: 50}


class SoftBindingQuery(BaseModel):
    """Unknown keys are passed over: clients of other versions send more."""

    alg: Annotated[str, Field(max_length=200)]
    value: Annotated[str, Field(max_length=10_000, description="Base64, as in the assertion.")]


class SoftBindingMatch(Answer):
    manifestId: str  # noqa: N815 - the published name
    similarityScore: Annotated[int, Field(ge=0, le=100)]  # noqa: N815


class SoftBindingQueryResult(Answer):
    matches: list[SoftBindingMatch]


class Algorithm(Answer):
    alg: str


class SoftBindingAlgorithms(Answer):
    watermarks: list[Algorithm]
    fingerprints: list[Algorithm]


def bound(labels: Iterable[str], most: int) -> SoftBindingQueryResult:
    return SoftBindingQueryResult(matches=[SoftBindingMatch(manifestId=each, similarityScore=100) for each in labels][:most])


def matched(check: pb.Check, most: int) -> SoftBindingQueryResult:
    """What a file was found to be; a mark that was copied over is no match."""
    worth = [(match.record.manifest_label, _WORTH[match.verdict]) for match in check.matches if match.verdict in _WORTH]
    return SoftBindingQueryResult(
        matches=[SoftBindingMatch(manifestId=label, similarityScore=score) for label, score in worth if label][:most]
    )
