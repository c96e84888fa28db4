"""Another maker's reader of C2PA trusts what leaves, in every format that can carry a signature, which moves nothing out of place."""

from datetime import UTC, datetime

import encypher_c2pa
import pytest
from kinora_marks.visible import VisibleMark
from kinora_provenance import ca, manifest, signing, soft_binding
from kinora_provenance.domain import Film
from kinora_provenance.exports import claims
from kinora_provenance.exports.create_export import facts
from kinora_provenance.exports.cutting import cut
from kinora_provenance.exports.domain import Export, Format
from kinora_provenance.exports.encoding import encode
from kinora_provenance.signing import Parent

FILM = Film("video_1", "att_1", "acct_bob", "", "", "world", "1.2", True, "A red fox", "", identity=7)
NOW = datetime.now(UTC)


@pytest.fixture
def leaves(clips, tmp_path):
    """A signed export of a sealed film; the file, and the root that vouches for it."""

    def make(kind, master="tall", size=(180, 320), end=0.5):
        authority, film, encoded = ca.development(tmp_path / "ca"), tmp_path / "film.mp4", tmp_path / "encoded"
        signing.sign(manifest.definition(FILM, with_parent=False, marks=soft_binding.ALGORITHMS), clips[master], film, authority)
        export = Export(
            "export_1", "acct_bob", "video_1", "", kind, 0, end, min(size), True, "@bob", "", "", "", "", 0, "", "", 0, NOW, None, None
        )
        about = facts(film)
        encode(cut(film, about, export, VisibleMark("@bob", *size)), kind, encoded, about, size, sound=True)
        definition = claims.definition(export, about, {"identity": 7, "trained": True}, "A red fox", soft_binding.ALGORITHMS, "notAllowed")
        signing.sign(definition, encoded, tmp_path / "signed", authority, parent=Parent("video_1", film))
        return tmp_path / "signed", authority.anchors.decode()

    return make


@pytest.mark.parametrize("kind", [kind for kind in Format if kind.bears_c2pa])
def test_another_makers_reader_trusts_it(leaves, kind, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))  # it keeps there that it is to report to nobody
    path, anchors = leaves(kind)
    told = encypher_c2pa.verify(
        path.read_bytes(), kind.content_type, trust_pem=anchors, no_default_trust=True, telemetry=False, online=False
    )
    assert (told["validation_state"], [one["code"] for one in told["validation_results"]["failure"]]) == ("Trusted", [])


def test_a_fragmented_export_lists_its_pieces_at_the_front(leaves):
    data = leaves(Format.FMP4, "large", (640, 360), end=3)[0].read_bytes()
    boxes = [(kind, at) for kind, at in boxes_of(data) if kind != "uuid"]
    assert [kind for kind, _ in boxes[:4]] == ["ftyp", "moov", "sidx", "sidx"]
    pieces = listed(data, at=boxes[2][1])
    assert pieces == [at for kind, at in boxes if kind == "moof"]
    assert len(pieces) == 2  # a key frame every two seconds


def boxes_of(data):
    at = 0
    while at < len(data):
        yield data[at + 4 : at + 8].decode(), at
        at += int.from_bytes(data[at : at + 4], "big")


def listed(data, at):
    """Where the pieces begin, by a segment index (ISO/IEC 14496-12, 8.16.3)."""
    long = data[at + 8]  # version 1 has times and offsets of 64 bits
    here = at + 12 + 8 + (8 if long else 4)
    width = 8 if long else 4
    place = at + int.from_bytes(data[at : at + 4], "big") + int.from_bytes(data[here : here + width], "big")
    count, here = int.from_bytes(data[here + width + 2 : here + width + 4], "big"), here + width + 4
    places = []
    for _ in range(count):
        places.append(place)
        place += int.from_bytes(data[here : here + 4], "big") & 0x7FFF_FFFF
        here += 12
    return places
