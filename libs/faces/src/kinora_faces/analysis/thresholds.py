"""Every threshold of the gates, and where it comes from.

"made" are the made clips of `kinora_testkit.enrolment`; none was set on recordings of people, which calls for setting them anew.
"""

# ── the picture ──
DARKEST, BRIGHTEST = 45.0, 235.0  # mean of the face's box, of 255: below, made faces lose tracked texture
SMALLEST_FACE = 0.13  # of the picture's width: 62 of 480 pixels, the least in which texture was tracked
LEAST_INSIDE = 0.95  # of the mesh within the picture, on the mean
ALONE = 0.92  # of frames with exactly one face
OTHERS_FRAMES = 3  # in a row with two faces
LEAST_FPS = 8.0  # the shortest hold of a move is then three frames

# ── the times ──
EARLIEST_S = 0.1  # after the reveal: nobody reacts sooner, and a network adds to it
QUICKEST_RISE_S = 0.17  # made: 0.25 to 0.6 s; a move three times too fast 0.13
SHORTEST_HOLD_S, LONGEST_HOLD_S = 0.25, 3.0
CLOCK_S = 1.5  # between the clip's length and the time in which it came: buffers of recorder and network
UNEVEN, UNEVEN_SHARE = (0.4, 2.5), 0.15  # of the median interval; share of frames outside: cameras in poor light stay within

# ── depth: homography residual in face widths (prototype: live 0.014-0.031, flat at most 0.0077 even at 55°) ──
LEAST_DEPTH = 0.0105

# ── speech: one word in a challenge may be misheard; a wrong challenge's words agree less often than 1 in 1,000 ──
MISHEARD = 1

# ── lips: correlation of their opening with loudness (prototype: live 0.79-0.98, dubbed at most 0.07) ──
LEAST_AGREEMENT = 0.3
LEAST_SWING = 0.06  # of `landmarks.lips_apart` around the words; made: talking 0.38 and 0.52, resting 0.02, which agreed by 0.39 by chance
LAG_S = 0.2  # what recorders shift sound by

# ── who: see `recogniser` ──
LARGEST_SPREAD = 0.5
FEWEST_VECTORS = 2

# ── moves without turning, against the face at rest ──
MOUTH_OPENS = 0.16  # of `landmarks.lips_apart`; made: 0.24 to 0.6
EYES_SHUT = 0.65  # of `landmarks.eyes_open` at rest; made: 0.2 to 0.6
COMES_CLOSER = 1.18  # times the face's width; made: 1.3
SUSTAINED_S = 0.2

# ── remarks ──
BLINK = 0.72  # of `landmarks.eyes_open` in the middle
PATTERN = 2.2  # prototype: filmed screens show grids above
