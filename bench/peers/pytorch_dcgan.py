"""A training step of the `paper` preset in PyTorch: the DCGAN of pytorch/examples on random pictures. Needs torch.

Prints a line of JSON when it is ready. Then each line of stdin is a task, `{"steps": n}` or `{"seconds": s}`; the answer
is a line of JSON with the time that the steps took.
"""

import argparse
import json
import re
import sys
import time

import torch
from torch import nn

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--batch", type=int, default=128)
parser.add_argument("--channels", type=int, default=64)
parser.add_argument("--latent", type=int, default=100)
parser.add_argument("--compile", action="store_true", help="torch.compile of G and D")
parser.add_argument("--channels-last", action="store_true", help="NHWC in memory")
parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
options = parser.parse_args()
device = torch.device(options.device)
memory_format = torch.channels_last if options.channels_last else torch.contiguous_format
C = options.channels


def generator():
    def double(inputs, outputs):
        return [nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(True)]

    return nn.Sequential(
        nn.ConvTranspose2d(options.latent, 8 * C, 4, 1, 0, bias=False),
        nn.BatchNorm2d(8 * C),
        nn.ReLU(True),
        *double(8 * C, 4 * C),
        *double(4 * C, 2 * C),
        *double(2 * C, C),
        nn.ConvTranspose2d(C, 3, 4, 2, 1, bias=False),
        nn.Tanh(),
    )


def discriminator():
    def halve(inputs, outputs):
        return [nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.LeakyReLU(0.2, True)]

    return nn.Sequential(
        nn.Conv2d(3, C, 4, 2, 1, bias=False),
        nn.LeakyReLU(0.2, True),
        *halve(C, 2 * C),
        *halve(2 * C, 4 * C),
        *halve(4 * C, 8 * C),
        nn.Conv2d(8 * C, 1, 4, 1, 0, bias=False),
        nn.Flatten(0),
    )


G = generator().to(device, memory_format=memory_format)
D = discriminator().to(device, memory_format=memory_format)
loss = nn.BCEWithLogitsLoss()
adam_d = torch.optim.Adam(D.parameters(), lr=2e-4, betas=(0.5, 0.999))
adam_g = torch.optim.Adam(G.parameters(), lr=2e-4, betas=(0.5, 0.999))
real, fake = torch.ones(options.batch, device=device), torch.zeros(options.batch, device=device)
# From the host each step, as photos come.
photos = torch.randn(options.batch, 3, 64, 64).tanh()



def peak_memory():
    """Bytes; 0 where there is no /proc. Unlike getrusage, without the parent process."""
    try:
        with open("/proc/self/status") as status:
            return int(re.search(r"VmHWM:\s+(\d+) kB", status.read())[1]) * 1024
    except OSError:
        return 0


if options.compile:
    # All shapes stay the same.
    G, D = torch.compile(G, dynamic=False), torch.compile(D, dynamic=False)


def step():
    x = photos.to(device, memory_format=memory_format)
    D.zero_grad()
    loss_real = loss(D(x), real)
    loss_real.backward()
    pictures = G(torch.randn(options.batch, options.latent, 1, 1, device=device))
    loss_fake = loss(D(pictures.detach()), fake)
    loss_fake.backward()
    adam_d.step()
    G.zero_grad()
    loss_g = loss(D(pictures), real)
    loss_g.backward()
    adam_g.step()
    # The losses are read each step, as a log wants them.
    return (loss_real + loss_fake).item(), loss_g.item()


# The first steps allocate memory and compile.
for _ in range(3):
    step()
name = torch.cuda.get_device_name() if device.type == "cuda" else "cpu"
print(json.dumps({"torch": torch.__version__, "device": name}), flush=True)

for line in sys.stdin:
    task = json.loads(line)
    started, cpu, steps = time.perf_counter(), time.process_time(), 0
    while steps < task.get("steps", 1) or time.perf_counter() - started < task.get("seconds", 0):
        step()
        steps += 1
    answer = {
        "steps": steps,
        "seconds": time.perf_counter() - started,
        "cpuSeconds": time.process_time() - cpu,
        "peakMemory": peak_memory(),
    }
    print(json.dumps(answer), flush=True)
