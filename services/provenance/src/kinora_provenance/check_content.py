"""Is this ours? A file is looked at in sandboxes; what was found is weighed here, beside the database."""

import asyncio
import re
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from cryptography import x509
from cryptography.x509.oid import NameOID
from kinora.provenance.v1 import check_service_pb2 as pb
from kinora_kit import log
from kinora_kit.db import Database
from kinora_kit.slots import Slots
from kinora_media.store import MediaMissing, MediaStore

from kinora_provenance import check_wire, film_store, metrics, prints, verdicts
from kinora_provenance.checking import BadContent, Findings, Looker, Manifest, Mark, printing
from kinora_provenance.credentials import Credentials, Source
from kinora_provenance.domain import BadField, ContentMissing, ContentRefused
from kinora_provenance.film_store import Film
from kinora_provenance.prints import PrintMatch
from kinora_provenance.records import Records
from kinora_provenance.verdicts import Signs, Verdict

_KEY = re.compile(r"checks/[A-Za-z0-9_-]{1,100}(\.[a-z0-9]{1,5})?")
_log = log.get("kinora.provenance")


@dataclass(frozen=True)
class Checked:
    """One look: what it told, the films it led to, best first, and the SHA-256 of the file, hex."""

    check: pb.Check
    films: Sequence[Film]
    sha256: str


@dataclass(frozen=True)
class Known:
    """The films that the findings may point to: by ids in marks, that which the manifest is of, those that look or sound like the file.

    `printed`: videos whose pictures can be compared. `ids`: how many are known.
    """

    marked: Mapping[int, Film]
    signed: Film | None
    alike: Mapping[int, PrintMatch]
    films: Mapping[int, Film]
    printed: Collection[str]
    ids: int


class Checker:
    def __init__(self, database: Database, media: MediaStore, looker: Looker, slots: Slots, source: Source, records: Records) -> None:
        self._database, self._media, self._looker, self._slots = database, media, looker, slots
        self._source, self._records = source, records

    async def check(self, content_key: str, *, thorough: bool = False) -> Checked:
        """Takes seconds. Raises BadField, ContentMissing, ContentRefused, AllSlotsTaken."""
        if not _KEY.fullmatch(content_key):
            raise BadField("content_key", "content_key must be the key of a file that was handed in to be checked: checks/….")
        credentials = await asyncio.to_thread(self._source)
        with metrics.CHECK_SECONDS.time(), _refusals():
            findings = await self._slots.run(partial(self._look, content_key, credentials.anchors, thorough=thorough))
        checked = await self._weighed(findings, ours=is_ours(findings.manifest, credentials))
        metrics.CHECKS.labels(_outcome(checked.check)).inc()
        _log.info("content.checked", kind=findings.kind, outcome=_outcome(checked.check), films=len(checked.films))
        return checked

    def _look(self, content_key: str, anchors: bytes, *, thorough: bool) -> Findings:
        try:
            self._looker.check_size(self._media.head_now(content_key).size)
            return self._looker.look(self._media.get_now(content_key), anchors, thorough=thorough)
        except MediaMissing as missing:
            raise ContentMissing from missing
        except BadContent as bad:
            raise ContentRefused(str(bad), param="content_key", code=bad.reason) from bad

    async def _weighed(self, findings: Findings, *, ours: bool) -> Checked:
        known = await self._known(findings, ours=ours)
        signs = _signs(findings, known)
        films = known.films
        found = {each: verdicts.verdict(signs[each]) for each in signs}
        ordered = sorted(found, key=lambda each: (found[each], -(signs[each].picture_s or 0) - (signs[each].sound_s or 0)))
        records = await self._records.of([films[each] for each in ordered])
        check = pb.Check(
            matches=[
                check_wire.match(record, found[each], verdicts.explanation(found[each], signs[each], manifest=findings.manifest.state))
                for each, record in zip(ordered, records, strict=True)
            ],
            c2pa=check_wire.c2pa(findings, known.signed, ours=ours),
            picture_mark=check_wire.mark(findings.picture, known.marked, known.ids),
            sound_mark=check_wire.mark(findings.sound, known.marked, known.ids),
            prints=check_wire.prints(findings.prints, known.alike, films),
            kind=findings.kind,
            duration_s=findings.duration_s,
            checked_at=int(time.time()),
            summary=verdicts.summary([found[each] for each in ordered], claims_us=bool(findings.manifest.video_id), ours=ours),
        )
        return Checked(check, [films[each] for each in ordered], findings.sha256)

    async def _known(self, findings: Findings, *, ours: bool) -> Known:
        """An id counts only when it was given here, and a manifest only when it is ours and holds."""
        manifest = findings.manifest
        async with self._database.begin() as tx:
            marked = await film_store.by_identities(tx, [each.identity for each in (*findings.picture.found, *findings.sound.found)])
            signed = await film_store.by_label(tx, manifest.label) if ours else None
            if ours and signed is None:  # an export or a still, or the film was deleted: its manifest says of which video it is
                signed = (await film_store.by_videos(tx, [manifest.video_id])).get(manifest.video_id)
            if ours and signed is None:  # its maker was erased: the mark alone says which it is
                signed = next(iter(marked.values()), None)
            alike = await prints.find(tx, printing.asked(findings.prints))
            like = await film_store.by_videos(tx, [match.video_id for match in alike])
            films = {film.identity: film for film in (*marked.values(), *like.values(), *([signed] if signed else []))}
            return Known(
                marked=marked,
                signed=signed,
                alike={like[match.video_id].identity: match for match in alike if match.video_id in like},
                films=films,
                printed=await film_store.printed(tx, [film.video_id for film in films.values() if film.video_id]),
                ids=await film_store.count(tx),
            )


def is_ours(manifest: Manifest, credentials: Credentials) -> bool:
    """Trusted, and signed under our own name: others may have certificates of the same authority."""
    if manifest.state != "trusted":
        return False
    subject = x509.load_pem_x509_certificates(credentials.chain)[0].subject
    own = {oid: [each.value for each in subject.get_attributes_for_oid(oid)] for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)}
    return manifest.issuer in own[NameOID.ORGANIZATION_NAME] and manifest.common_name in own[NameOID.COMMON_NAME]


def _signs(findings: Findings, known: Known) -> dict[int, Signs]:
    """By film."""
    signs = {identity: _likeness(findings, known, identity) for identity in known.films}
    for mark in findings.picture.found:
        if mark.identity in known.marked:
            signs[mark.identity] = replace(signs[mark.identity], picture_s=_seconds(mark), changes=tuple(mark.changes))
    for mark in findings.sound.found:
        if mark.identity in known.marked:
            before = signs[mark.identity]
            signs[mark.identity] = replace(before, sound_s=_seconds(mark), changes=(*before.changes, *mark.changes))
    if known.signed:
        signs[known.signed.identity] = replace(signs[known.signed.identity], signed=True)
    return signs


def _likeness(findings: Findings, known: Known, identity: int) -> Signs:
    """A share of 0 where both could be compared and do not match."""
    match, comparable = known.alike.get(identity), known.films[identity].video_id in known.printed
    picture = match.picture_share if match else 0.0 if comparable and findings.prints.pictures else None
    sound = match.sound_share if match else 0.0 if comparable and findings.prints.words else None
    return Signs(alike_picture=picture, alike_sound=sound)


def _seconds(mark: Mark) -> float:
    return sum(span.end_s - span.start_s for span in mark.spans)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except ContentRefused:
        metrics.CHECKS.labels("refused").inc()
        raise


def _outcome(check: pb.Check) -> str:
    return Verdict(check.matches[0].verdict).name.lower() if check.matches else "nothing"
