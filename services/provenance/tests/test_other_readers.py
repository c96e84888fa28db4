"""Another maker's reader of C2PA agrees: nothing of what we sign fails its checks."""

import encypher_c2pa
import pytest
from kinora_media.image import spritesheet, webp
from kinora_media.probe import frames
from kinora_provenance import ca, manifest, signing, soft_binding
from kinora_provenance.signing import Parent


@pytest.fixture
def authority(tmp_path):
    return ca.development(tmp_path / "ca")


@pytest.fixture
def read(authority, monkeypatch, tmp_path):
    """What the other reader makes of a file, given our root alone."""
    monkeypatch.setenv("HOME", str(tmp_path))  # it keeps there that it is to report to nobody

    def report(path, content_type="video/mp4"):
        anchors = authority.anchors.decode()
        return encypher_c2pa.verify(
            path.read_bytes(), content_type, trust_pem=anchors, no_default_trust=True, telemetry=False, online=False
        )

    return report


def verdict(report):
    return report["validation_state"], [one["code"] for one in report["validation_results"]["failure"]]


@pytest.fixture
def signed(film, clip, authority, tmp_path):
    """Signs the clip as a film with this id."""

    def sign(name, parent=None, **fields):
        made = film(video_id=name, **fields)
        definition = manifest.definition(made, with_parent=parent is not None, marks=soft_binding.ALGORITHMS)
        signing.sign(definition, clip, tmp_path / f"{name}.mp4", authority, parent=parent)
        return tmp_path / f"{name}.mp4"

    return sign


def test_it_trusts_a_film_and_its_remixes(signed, read):
    first = signed("one", trained=True)
    second = signed("two", parent=Parent("one", first), remixed_from_video_id="one")
    third = signed("three", parent=Parent("two", second), remixed_from_video_id="two")
    assert [verdict(read(path)) for path in (first, second, third)] == [("Trusted", [])] * 3


@pytest.mark.parametrize("content_type", ["image/webp", "image/jpeg"])
def test_it_trusts_a_still(film, clip, authority, read, tmp_path, content_type):
    shown = next(frames(clip))
    (tmp_path / "still").write_bytes(webp(shown, 160) if content_type == "image/webp" else spritesheet([shown], 1, 160))
    signing.sign(manifest.still(film(), content_type), tmp_path / "still", tmp_path / "signed", authority)
    assert verdict(read(tmp_path / "signed", content_type)) == ("Trusted", [])


def test_it_sees_a_change(signed, read):
    path = signed("one")
    changed = bytearray(path.read_bytes())
    changed[-500] ^= 1
    path.write_bytes(changed)
    assert "assertion.bmffHash.mismatch" in verdict(read(path))[1]
