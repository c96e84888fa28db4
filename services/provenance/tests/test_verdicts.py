"""What signs in a file come to: the rule itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora_provenance import verdicts
from kinora_provenance.verdicts import Signs, Verdict

SHARES, SECONDS = st.none() | st.floats(0, 1), st.none() | st.floats(0, 60)


@pytest.mark.parametrize(
    ("signs", "verdict"),
    [
        (Signs(signed=True), Verdict.UNCHANGED),
        (Signs(picture_s=4, alike_picture=0.9), Verdict.MARKED),
        (Signs(sound_s=4, alike_picture=0), Verdict.MARKED),  # its sound under other pictures
        (Signs(picture_s=4), Verdict.MARKED),  # nothing to compare with: the film was deleted
        (Signs(alike_picture=0.9), Verdict.ALIKE),
        (Signs(picture_s=4, alike_picture=0), Verdict.TRANSPLANTED),
        (Signs(picture_s=4, sound_s=4, alike_picture=0, alike_sound=0), Verdict.TRANSPLANTED),
        (Signs(picture_s=4, alike_picture=0, changes=("cropped to 50 % and enlarged",)), Verdict.MARKED),
        (Signs(picture_s=4, alike_picture=0, alike_sound=0.8), Verdict.MARKED),
    ],
)
def test_each_case_has_its_verdict(signs, verdict):
    assert verdicts.verdict(signs) is verdict


@given(signs=st.builds(Signs, st.just(False), SECONDS, SECONDS, st.just(()), SHARES, SHARES))
def test_nothing_but_our_signature_makes_a_file_unchanged(signs):
    assert verdicts.verdict(signs) is not Verdict.UNCHANGED


@given(
    signs=st.builds(Signs, st.booleans(), SECONDS, SECONDS, st.just(()), SHARES, SHARES),
    manifest=st.sampled_from(["not_present", "invalid"]),
)
def test_every_verdict_is_told_in_sentences(signs, manifest):
    told = verdicts.explanation(verdicts.verdict(signs), signs, manifest=manifest)
    assert told[0].isupper()
    assert told.endswith(".")


def test_a_broken_manifest_in_our_name_is_not_relied_on():
    assert "cannot be relied on" in verdicts.summary([], claims_us=True, ours=False)
    assert "made here" in verdicts.summary([], claims_us=True, ours=True)
    assert "cannot be relied on" not in verdicts.summary([], claims_us=False, ours=False)
