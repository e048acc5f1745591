"""Writes resample-golden.json: a picture of 9x9 pixels, resized by Pillow's BICUBIC, which has the kernel of resample.ts.

    python3 resample-golden.py > resample-golden.json    # needs pillow and numpy
"""

import json

import numpy
from PIL import Image

SIZE = 9
SIDES = [4, 9, 13, 20, 31]

# Middle levels, since Pillow cuts off overshoots between its two passes, which resample.ts does at the end.
levels = numpy.random.default_rng(15).integers(64, 192, (SIZE, SIZE, 3), dtype=numpy.uint8)
picture = Image.fromarray(levels)
resized = {side: numpy.asarray(picture.resize((side, side), Image.Resampling.BICUBIC)).ravel().tolist() for side in SIDES}
print(json.dumps({"size": SIZE, "rgb": levels.ravel().tolist(), "resized": resized}))
