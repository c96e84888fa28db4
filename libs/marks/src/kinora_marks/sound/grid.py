"""Where in time and pitch the carriers of a mark lie: a tile of cells, 64 ms by 70 Hz, that repeats as long as the sound lasts.

Wider cells would hold less and be no steadier: speech changes too much from one to the next. Longer ones would bear rooms better and hold
less. Nothing lies above 7.2 kHz, so that a telephone's 16 kHz suffice, and half of it below 4 kHz.
"""

import numpy as np

RATE = 48_000  # samples a second, as marks are made
WINDOW, HOP = 2048, 512  # samples
HOPS = 6  # of a cell
CELL_S = HOPS * HOP / RATE  # 0.064
ROWS = 64  # cells of a tile in time: 4.096 s
BINS = 3  # of a cell in pitch
BANDS = 99
FIRST = 11  # the lowest bin
EDGES = (FIRST - 0.5 + BINS * np.arange(BANDS + 1)) * RATE / WINDOW  # Hz: 246 to 7207
CARRIERS = ROWS * BANDS
PILOTS = 0.18  # of the carriers: a tile of sound has few of them, but few places where it can lie
TILE_S = ROWS * CELL_S
