"""Stick figures that lead a film: where people are, in the colours that models of poses know."""

from kinora_diffusion.skeleton import skeletons
from kinora_world.output.passes import JOINTS

STANDING = {
    "Head": (50, 20), "Neck": (50, 30), "Hips": (50, 60), "LeftArm": (60, 32), "LeftForeArm": (64, 45), "LeftHand": (66, 58),
    "RightArm": (40, 32), "RightForeArm": (36, 45), "RightHand": (34, 58), "LeftUpLeg": (55, 60), "LeftLeg": (56, 75), "LeftFoot": (57, 90),
    "RightUpLeg": (45, 60), "RightLeg": (44, 75), "RightFoot": (43, 90), "LeftToeBase": (59, 92), "RightToeBase": (41, 92),
}  # fmt: skip


def test_joints_have_the_colours_of_openpose_and_the_rest_is_black():
    assert set(STANDING) == set(JOINTS)
    drawn = skeletons([STANDING], 100, 120)
    assert drawn.shape == (120, 100, 3)
    seen = {name: tuple(drawn[y, x]) for name, (x, y) in STANDING.items()}
    assert (seen["RightHand"], seen["LeftHand"], seen["LeftFoot"]) == ((255, 255, 0), (85, 255, 0), (0, 85, 255))
    assert tuple(drawn[10, 50]) == (0, 0, 255)  # the nose, as far from the skull's base as that from the neck
    assert not drawn[:, :30].any()


def test_what_is_behind_the_camera_is_left_out():
    gone = {name: (x * 1e6, y * 1e6) for name, (x, y) in STANDING.items()}
    assert not skeletons([gone], 100, 120).any()
