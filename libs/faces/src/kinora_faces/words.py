"""Words to be said, by language: common, of two or more syllables, unlike one another, all in the speech model's dictionary.

A language is listed when PocketSphinx carries a model of it: English alone. Digits are no good: short, and confused with each other.
"""

WORDS = {
    "en": (
        "banana", "window", "yellow", "purple", "tiger", "pencil", "coffee", "monkey", "elephant", "chocolate", "umbrella",
        "computer", "tomato", "potato", "violin", "butterfly", "hospital", "paper", "kitchen", "rocket", "candle", "ocean",
        "pumpkin", "rabbit", "dinosaur", "basket", "cinema", "volcano", "melody", "dolphin", "engine", "lemon", "castle",
        "silver", "guitar", "camera", "airplane", "holiday", "museum", "cucumber", "penguin", "magazine", "balloon",
    ),
}  # fmt: skip
