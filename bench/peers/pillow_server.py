"""The server that one would write in Python: `/generate?seed=` with FastAPI, uvicorn, ONNX Runtime and Pillow.

Needs fastapi, uvicorn, onnxruntime, numpy and Pillow. Like the Node server, it computes each picture with one thread and
several pictures side by side (FastAPI calls a plain `def` on a thread pool), and answers with a PNG and an ETag.
"""

import argparse
import hashlib
import io
import json
import pathlib

import numpy
import onnxruntime
import uvicorn
from fastapi import FastAPI, Header, Query, Response
from PIL import Image

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--model", required=True, help="model folder")
parser.add_argument("--port", type=int, required=True)
options = parser.parse_args()

folder = pathlib.Path(options.model)
manifest = json.loads((folder / "model.json").read_text())
settings = onnxruntime.SessionOptions()
settings.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(folder / manifest["generator"]["file"], settings)
digest = manifest["generator"]["sha256"]
app = FastAPI()


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


@app.get("/generate")
def generate(seed: int = Query(ge=0, lt=2**32), if_none_match: str | None = Header(default=None)):
    tag = f'"{hashlib.sha256(f"{digest} {seed}".encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=31536000, immutable"}
    if if_none_match == tag:
        return Response(status_code=304, headers=headers)
    z = numpy.random.default_rng(seed).standard_normal((1, manifest["latentSize"]), dtype=numpy.float32)
    (pixels,) = session.run(["pixels"], {"z": z})
    png = io.BytesIO()
    Image.fromarray(pixels[0]).save(png, "PNG")
    return Response(png.getvalue(), media_type="image/png", headers=headers)


uvicorn.run(app, host="127.0.0.1", port=options.port, log_level="warning")
