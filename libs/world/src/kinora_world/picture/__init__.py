"""A given picture becomes the world of a clip: `PictureWorld`. What it shows and how far that is are guessed without a trained model."""

from kinora_world.picture.world import PictureWorld

__all__ = ["PictureWorld"]
