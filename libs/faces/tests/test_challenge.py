"""What a person is asked to do."""

import importlib.resources
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora_faces.challenge import STILL_MOVES, TURNS, Attempt, Challenge, LanguageNotSpoken, Needs, make_challenge
from kinora_faces.words import WORDS

needs = st.builds(Needs, *[st.booleans()] * 4)


@given(needs)
def test_a_challenge_has_three_or_four_words_and_three_different_moves_each_at_its_own_moment(wish):
    challenge = make_challenge("en-GB", wish)
    assert len(challenge.words) in {3, 4}
    assert set(challenge.words) <= set(WORDS["en"])
    assert len(set(challenge.moves)) == 3
    assert set(challenge.moves) <= set(STILL_MOVES if wish.cannot_turn else TURNS)
    moments = [0.0, *(item.after_s for item in challenge.items), challenge.ends_s]
    assert all(later - earlier >= 1.0 for earlier, later in itertools.pairwise(moments))


@given(needs)
def test_challenges_and_attempts_survive_json(wish):
    challenge = make_challenge(needs=wish)
    attempt = Attempt(challenge, tuple(item.after_s + 0.1 for item in challenge.items), 12.5, ("banana",), (0.25,) * 128)
    assert Challenge.from_json(challenge.to_json()) == challenge
    assert Attempt.from_json(attempt.to_json()) == attempt


def test_no_two_challenges_are_alike():
    made = [make_challenge() for _ in range(200)]
    assert len({(c.words, c.moves) for c in made}) == 200
    assert len({tuple(item.after_s for item in c.items) for c in made}) == 200


def test_whoever_is_slow_gets_twice_the_time():
    usual, slow = make_challenge(), make_challenge(needs=Needs(slow=True))
    assert slow.window_s == 2 * usual.window_s
    assert min(b.after_s - a.after_s for a, b in itertools.pairwise(slow.items)) >= 2.4


def test_a_language_without_a_speech_model_is_refused_in_words():
    with pytest.raises(LanguageNotSpoken, match=r"'de'; there is one for: en\."):
        make_challenge("de")


def test_prompts_are_words_for_people():
    prompts = {item.prompt for _ in range(50) for item in make_challenge().items}
    assert "Turn your head to your left, and back" in prompts
    assert any(prompt.startswith("Say: ") for prompt in prompts)


def test_every_word_has_two_syllables_and_a_pronunciation():
    lines = importlib.resources.files("pocketsphinx").joinpath("model/en-us/cmudict-en-us.dict").read_text().splitlines()
    phones = {line.split()[0]: line.split()[1:] for line in lines}
    vowels = ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")
    assert all(sum(phone in vowels for phone in phones[word]) >= 2 for word in WORDS["en"])
