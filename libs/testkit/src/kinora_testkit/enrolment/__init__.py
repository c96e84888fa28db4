"""Made enrolment clips, genuine and attacking: pictures of two people in the public domain lifted to heads that turn, blink and speak.

The depth of a head is MediaPipe's own guess, the voices are espeak's, the camera is an even noise: what passes here says how the checks
behave, not how they do on people.
"""

from kinora_testkit.enrolment.attacks import ATTACKS, attack
from kinora_testkit.enrolment.live import Camera
from kinora_testkit.enrolment.takes import Enrolment, Take, genuine

__all__ = ["ATTACKS", "Camera", "Enrolment", "Take", "attack", "genuine"]
