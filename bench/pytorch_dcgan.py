"""Speed of a training step of the `paper` preset in eager PyTorch: the DCGAN of pytorch/examples on random pictures.

Prints one line of JSON. Needs torch.
"""

import argparse
import json
import time

import torch
from torch import nn

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--batch", type=int, default=128)
parser.add_argument("--channels", type=int, default=64)
parser.add_argument("--latent", type=int, default=100)
parser.add_argument("--seconds", type=float, default=20)
parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
options = parser.parse_args()
device = torch.device(options.device)
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


G, D = generator().to(device), discriminator().to(device)
loss = nn.BCEWithLogitsLoss()
adam_d = torch.optim.Adam(D.parameters(), lr=2e-4, betas=(0.5, 0.999))
adam_g = torch.optim.Adam(G.parameters(), lr=2e-4, betas=(0.5, 0.999))
real, fake = torch.ones(options.batch, device=device), torch.zeros(options.batch, device=device)
# From the host each step, as photos come.
photos = torch.randn(options.batch, 3, 64, 64).tanh()


def step():
    x = photos.to(device)
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


for _ in range(3):
    step()
started, steps = time.perf_counter(), 0
while steps == 0 or time.perf_counter() - started < options.seconds:
    step()
    steps += 1
elapsed = time.perf_counter() - started
name = torch.cuda.get_device_name() if device.type == "cuda" else "cpu"
print(json.dumps({"imagesPerSecond": steps * options.batch / elapsed, "steps": steps, "torch": torch.__version__, "device": name}))
