import numpy as np
import pytest
from c2pa import C2paError
from hypothesis import given
from hypothesis import strategies as st
from kinora_media.encode import Mp4Writer
from kinora_media.probe import frames, probe
from kinora_provenance import ca, manifest, signing, soft_binding
from kinora_provenance.signing import Parent

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"


@pytest.fixture
def sealed(film, clip, signer, tmp_path):
    """Seals the clip as a new film, and returns the file with what a reader finds in it."""

    def seal(name, *, parent=None, source=clip, **fields):
        target = tmp_path / f"{name}.mp4"
        made = film(video_id=name, **fields)
        definition = manifest.definition(made, with_parent=parent is not None)
        parent = parent and Parent(made.remixed_from_video_id, parent)
        signing.sign(definition, source, target, signer, parent=parent)
        return target, signing.verify(target, signer.anchors)

    return seal


def active(verdict):
    return verdict.store["manifests"][verdict.label]


def data(verdict, label):
    return next(assertion["data"] for assertion in active(verdict)["assertions"] if assertion["label"] == label)


@pytest.mark.parametrize(("trained", "source"), [(False, "algorithmicMedia"), (True, "trainedAlgorithmicMedia")])
def test_a_seal_says_who_made_the_film_and_how(sealed, trained, source):
    _, verdict = sealed("one", trained=trained)
    (action,) = data(verdict, "c2pa.actions.v2")["actions"]
    assert (action["action"], action["digitalSourceType"]) == ("c2pa.created", SOURCE_TYPE + source)
    assert action["softwareAgent"] == {"name": "world", "version": "1.2"}
    assert (active(verdict)["title"], active(verdict)["claim_version"]) == ("A red fox in the snow", 2)
    assert verdict.state == "Trusted"


def test_a_seal_says_which_marks_the_film_bears(film, clip, signer, tmp_path):
    fox = film(identity=0x0102_0304_0506_0708)
    definition = manifest.definition(fox, with_parent=False, marks=[soft_binding.PICTURE, soft_binding.SOUND])
    signing.sign(definition, clip, tmp_path / "a.mp4", signer)
    verdict = signing.verify(tmp_path / "a.mp4", signer.anchors)
    assert [one["data"] for one in active(verdict)["assertions"] if one["label"] == "c2pa.soft-binding"] == [
        {"alg": f"org.kinora.mark.{medium}.1", "blocks": [{"scope": {}, "value": "AQIDBAUGBwg="}]} for medium in ("picture", "sound")
    ]
    assert [action["action"] for action in data(verdict, "c2pa.actions.v2")["actions"]] == ["c2pa.created", "c2pa.watermarked.bound"]


@given(st.integers(0, 2**64 - 1))
def test_a_binding_names_its_id(identity):
    assert soft_binding.identity_of(soft_binding.value(identity)) == identity


@pytest.mark.parametrize("wrong", ["", "AQID", "AQIDBAUGBwgJ", "no base64", "AQIDBAUGBwg", "ÄQIDBAUGBwg="])
def test_what_is_no_binding_names_nothing(wrong):
    assert soft_binding.identity_of(wrong) is None


@pytest.mark.parametrize("mining", ["notAllowed", "allowed"])
def test_a_seal_says_what_may_be_learnt_from_the_film(film, clip, signer, tmp_path, mining):
    signing.sign(manifest.definition(film(), with_parent=False, mining=mining), clip, tmp_path / "a.mp4", signer)
    entries = data(signing.verify(tmp_path / "a.mp4", signer.anchors), "cawg.training-mining")["entries"]
    assert {entry["use"] for entry in entries.values()} == {mining}
    assert {"cawg.data_mining", "cawg.ai_training", "cawg.ai_generative_training"} <= entries.keys()


def test_the_film_itself_is_unchanged(sealed, clip):
    path, _ = sealed("one")
    assert probe(path) == probe(clip)
    assert all(np.array_equal(before, after) for before, after in zip(frames(clip), frames(path), strict=True))


@pytest.mark.parametrize("back", [1, 500, 5000])
def test_one_changed_bit_breaks_the_seal(sealed, signer, back):
    path, _ = sealed("one")
    changed = bytearray(path.read_bytes())
    changed[-back] ^= 1
    path.write_bytes(changed)
    assert signing.verify(path, signer.anchors).state == "Invalid"


def test_no_byte_of_picture_and_sound_can_be_changed(film, tmp_path):
    """Nor of the tables that lead to them: the boxes moov and mdat, here every seventh byte. bench_sealing tries them all."""
    signer = ca.development(tmp_path / "ca")
    path = tmp_path / "small.mp4"
    with Mp4Writer(tmp_path / "raw.mp4", 32, 32, 24) as out:
        for shade in range(0, 250, 50):
            out.frame(np.full((32, 32, 3), shade, np.uint8))
    signing.sign(manifest.definition(film(), with_parent=False), tmp_path / "raw.mp4", path, signer)
    data = path.read_bytes()
    for at in range(data.index(b"moov") - 4, len(data), 7):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
        assert broken(path, signer), f"byte {at} of {len(data)}"


def broken(path, signer):
    try:
        return signing.verify(path, signer.anchors).state == "Invalid"
    except C2paError:
        return True


def test_strangers_do_not_trust_us_but_see_that_nothing_was_changed(sealed, tmp_path):
    path, _ = sealed("one")
    assert signing.verify(path, ca.development(tmp_path / "strangers").anchors).state == "Valid"


def test_an_unsealed_film_has_no_seal(clip, signer):
    assert signing.verify(clip, signer.anchors) is None


def test_a_remix_carries_the_seals_of_all_its_ancestors(sealed):
    first, _ = sealed("one")
    second, _ = sealed("two", parent=first, remixed_from_video_id="one")
    _, verdict = sealed("three", parent=second, remixed_from_video_id="two")
    opened, edited = data(verdict, "c2pa.actions.v2")["actions"]
    (parent,) = active(verdict)["ingredients"]
    assert (opened["action"], edited["action"], edited["digitalSourceType"]) == (
        "c2pa.opened",
        "c2pa.edited",
        SOURCE_TYPE + "algorithmicMedia",
    )
    assert (parent["title"], parent["relationship"], len(verdict.store["manifests"])) == ("two", "parentOf", 3)
    assert not parent["validation_results"]["activeManifest"]["failure"]
    assert verdict.state == "Trusted"


def test_a_remix_whose_parent_is_gone_names_it(sealed):
    _, verdict = sealed("two", remixed_from_video_id="one")
    facts = data(verdict, "kinora.generation")
    assert facts["remixed_from_video_id"] == "one"
    assert "no longer at hand" in facts["note"]
    assert data(verdict, "c2pa.actions.v2")["actions"][0]["action"] == "c2pa.created"


def test_a_time_stamping_authority_that_is_down_costs_only_the_stamp(film, clip, signer, tmp_path):
    definition = manifest.definition(film(), with_parent=False)
    assert signing.sign(definition, clip, tmp_path / "a.mp4", signer, tsa_url="http://127.0.0.1:9/").state == "Trusted"


def test_a_film_without_a_title_is_called_by_its_id(sealed):
    assert active(sealed("nameless", title="")[1])["title"] == "nameless"
