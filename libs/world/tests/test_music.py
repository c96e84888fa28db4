"""Music goes with the mood, leads home, and gives way to speech."""

from itertools import pairwise

import numpy as np
import pytest
from kinora_world import catalogue
from kinora_world.scene import SAMPLE_RATE, Light, StageSet, View
from kinora_world.sound import ShotSound
from kinora_world.sound.composition import compose, pitch
from kinora_world.sound.instruments import note
from kinora_world.sound.mastering import loudness
from kinora_world.sound.score import bed_of, entry_of, score, stretches
from kinora_world.storyboard import Shot, Storyboard

BEDS = [name for name in catalogue.names("music") if name != "none"]
LIGHT = Light((0, 0, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1))


def film(*shots, loop=False):
    """The storyboard and what is heard of (seconds, mood) shots."""
    board = Storyboard(seed=5, loop=loop, shots=tuple(Shot(duration=seconds, place="park", mood=mood) for seconds, mood in shots))
    stage = StageSet("park", (), "plain", "soil", LIGHT, "clear", "park")
    starts = np.cumsum([0.0, *(seconds for seconds, _ in shots)])
    heard = [
        ShotSound(float(start), shot.duration, stage, (), (), lambda _: View((0, -5, 1.6), (0, 0, 1), 40), lambda _, __: np.zeros(3))
        for start, shot in zip(starts, board.shots, strict=False)
    ]
    return board, heard


def played(name, n_beats=16, **options):
    return compose(entry_of(name), n_beats, np.random.default_rng(3), **options)


@pytest.mark.parametrize("mood", ["joyful", "playful", "calm", "romantic", "sad", "tense", "scary", "mysterious", "epic"])
def test_every_mood_has_its_music(mood):
    assert mood in entry_of(bed_of(Shot(duration=1, place="park", mood=mood))).moods


def test_a_neutral_shot_has_none_unless_asked():
    plain = Shot(duration=1, place="park")
    assert bed_of(plain) == "none"
    assert bed_of(plain.model_copy(update={"music": "jazz"})) == "jazz"
    assert bed_of(plain.model_copy(update={"mood": "sad", "music": "none"})) == "none"


@pytest.mark.parametrize("name", BEDS)
def test_every_bed_comes_home_to_its_tonic(name):
    entry = entry_of(name)
    last = 15 // entry.metre * entry.metre
    tonics = {tonic % 12 for tonic in entry.tonics}
    assert min(n.midi for n in played(name) if last <= n.beat < last + 0.1) % 12 in tonics


@pytest.mark.parametrize("name", BEDS)
@pytest.mark.parametrize("n_beats", [2, 3, 7, 16, 33])
def test_every_bed_fills_any_length_and_no_more(name, n_beats):
    notes = played(name, n_beats)
    assert notes
    assert all(0 <= n.beat < n_beats and n.beat + n.length <= n_beats + 1.3 for n in notes)


@pytest.mark.parametrize("name", BEDS)
def test_every_note_is_of_the_scale(name):
    entry = entry_of(name)
    scale = {pitch(entry, tonic, step) % 12 for tonic in entry.tonics for step in range(7)}
    walking = entry.bass is not None and entry.bass.style == "walking"  # leads on by semitones
    tuned = [n for n in played(name) if n.instrument not in entry.drums and not (walking and n.instrument == entry.bass.instrument)]
    assert {int(n.midi) % 12 for n in tuned} <= scale


def test_chords_lead_on_without_jumps():
    chords = [
        sorted(n.midi for n in played("romantic", 24) if n.instrument == "piano" and 3 * bar <= n.beat < 3 * bar + 3) for bar in range(7)
    ]
    steps = [abs(np.mean(sorted(set(a))) - np.mean(sorted(set(b)))) for a, b in pairwise(chords)]
    assert max(steps) < 3.5


@pytest.mark.parametrize("instrument", ["piano", "guitar", "strings", "flute", "bass", "bells", "brass"])
@pytest.mark.parametrize("midi", [48, 69])
def test_every_instrument_is_in_tune(instrument, midi):
    spectrum = np.abs(np.fft.rfft(note(instrument, midi, 1.0), 1 << 18))
    hertz = 440 * 2 ** ((midi - 69) / 12)
    harmonics = [spectrum[round(k * hertz * (1 << 18) / SAMPLE_RATE) + np.arange(-12, 13)].max() for k in (1, 2, 3)]
    assert max(harmonics) > 0.9 * spectrum.max()


def test_one_bed_goes_on_across_shots_of_the_same_mood():
    found = stretches(*film((2, "calm"), (3, "calm"), (2, "neutral"), (2, "tense")))
    assert [(s.music, s.start, s.end) for s in found] == [("calm", 0, 5), ("tense", 7, 9)]


def test_it_ends_with_the_picture():
    sound = score(*film((4, "joyful")), 6 * SAMPLE_RATE)
    assert loudness(sound[: 4 * SAMPLE_RATE]) > -30
    assert np.abs(sound[4 * SAMPLE_RATE - 50 :]).max() < 0.002


def test_the_same_seed_plays_the_same():
    one, two = (score(*film((2, "sad")), 2 * SAMPLE_RATE) for _ in range(2))
    assert np.array_equal(one, two)
