"""Words to be said, by language: common, of two or more syllables, unlike one another, all in the speech model's dictionary.

A language is listed when PocketSphinx carries a model of it: English alone. Digits are no good: short, and confused with each other.
"""

WORDS = {
    "en": (
        "banana", "window", "yellow", "river", "garden", "purple", "tiger", "pencil", "coffee", "summer", "monkey", "orange",
        "elephant", "chocolate", "umbrella", "computer", "tomato", "potato", "violin", "butterfly", "hospital", "mountain",
        "island", "paper", "kitchen", "button", "rocket", "candle", "ocean", "pumpkin", "rabbit", "dinosaur", "basket", "pepper",
        "cinema", "volcano", "melody", "dolphin", "engine", "carpet", "lemon", "castle", "forest", "silver", "guitar", "camera",
        "airplane", "helicopter", "holiday", "museum", "cucumber", "penguin", "magazine", "balloon", "diamond",
    ),
}  # fmt: skip
