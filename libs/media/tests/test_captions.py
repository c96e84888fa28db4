from hypothesis import given
from hypothesis import strategies as st
from kinora_media.captions import Cue, parse_webvtt, webvtt

letters = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]) | st.sampled_from(" <>&;-\"'")
times = st.integers(0, 10**8).map(lambda milliseconds: milliseconds / 1000)
words = st.text(letters, min_size=1).map(lambda text: " ".join(text.split())).filter(bool)
lines = st.lists(words, min_size=1, max_size=3).map("\n".join)


@given(st.lists(st.builds(Cue, times, times, words | st.just(""), lines)))
def test_captions_come_back_as_they_were_written(cues):
    assert parse_webvtt(webvtt(cues)) == cues


@given(st.text(), st.text())
def test_no_text_can_break_out_of_its_cue(speaker, text):
    written = webvtt([Cue(0, 1, speaker, text), Cue(1, 2, "", "end")])
    assert written.count("-->") == written.count("\n\n") <= 2
    assert parse_webvtt(written)[-1] == Cue(1, 2, "", "end")


def test_captions_look_like_webvtt():
    written = webvtt([Cue(0.5, 3661.25, "Ada", "Tea & cake?\r\n\r\nNow."), Cue(1, 2, "", "  ")])
    assert written == "WEBVTT\n\n00:00:00.500 --> 01:01:01.250\n<v Ada>Tea &amp; cake?\nNow.\n"


def test_words_light_up_as_they_are_spoken():
    cue = Cue(1, 3, "Ada", "Tea & cake, now", ((1.0, "Tea"), (1.4, "cake,"), (2.25, "now")))
    assert "<v Ada>Tea &amp; <00:00:01.400>cake, <00:00:02.250>now" in webvtt([cue])
    assert parse_webvtt(webvtt([cue])) == [Cue(1, 3, "Ada", "Tea & cake, now")]


def test_words_out_of_order_or_time_stay_untimed():
    assert "\nnow and then\n" in webvtt([Cue(1, 3, "", "now and then", ((0.5, "and"), (2.0, "now"), (3.5, "then"), (2.5, "never")))])
