import numpy as np
import pytest
from kinora_media.probe import frames, probe
from kinora_provenance import ca, signing
from kinora_provenance.domain import Unsealable

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"


@pytest.fixture
def sealed(film, clip, signer, tmp_path):
    """Seals the clip as a new film, and returns the file with what a reader finds in it."""

    def seal(name, *, parent=None, source=clip, **fields):
        target = tmp_path / f"{name}.mp4"
        signing.sign(film(video_id=name, **fields), source, target, signer, parent=parent)
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


@pytest.mark.parametrize("broken", [b"", b"no film", b"\0\0\0\x20ftypisom" + bytes(4000)])
def test_what_is_no_film_cannot_be_sealed(sealed, tmp_path, broken):
    (tmp_path / "broken.mp4").write_bytes(broken)
    with pytest.raises(Unsealable):
        sealed("one", source=tmp_path / "broken.mp4")


def test_a_time_stamping_authority_that_is_down_costs_only_the_stamp(film, clip, signer, tmp_path):
    assert signing.sign(film(), clip, tmp_path / "a.mp4", signer, tsa_url="http://127.0.0.1:9/").state == "Trusted"


def test_a_film_without_a_title_is_called_by_its_id(sealed):
    assert active(sealed("nameless", title="")[1])["title"] == "nameless"
