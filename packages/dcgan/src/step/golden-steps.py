"""Two consecutive training steps of every kind, computed by PyTorch in float64: writes golden-steps.json beside this file.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install torch numpy
    /tmp/golden/bin/python packages/dcgan/src/step/golden-steps.py && pnpm exec biome format --write packages/dcgan/src/step

It is written from the papers and with PyTorch's own layers, losses, optimiser and autograd, and shares no code with the
TypeScript that it checks. Common definitions are written twice, here and in golden-steps.fixture.ts: numbers by an integer hash
(weights, photos, noise), and the digests of a tensor. Tensors are numbered in the layout of TensorFlow.js: pictures NHWC,
filters [height, width, in, out], those of transposed convolutions [height, width, out, in].

Papers: DCGAN arXiv:1511.06434, Adam arXiv:1412.6980, batch norm arXiv:1502.03167, spectral norm arXiv:1802.05957,
self-attention arXiv:1805.08318, R1 arXiv:1801.04406, its lazy form arXiv:1912.04958, relativistic loss with R1 and R2
arXiv:2501.05441, hinge loss arXiv:1705.02894, DiffAugment arXiv:2006.10738, moving average of G arXiv:1806.04498,
r_t of ADA arXiv:2006.06676.
"""

import itertools
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

BASE = dict(
    size=64, channels=8, latent=12, batch=4, upsample="transposed", attention=0, normD="batch", spectral=False,
    emaImages=0, loss="non-saturating", beta1=0.5, beta2=0.999, augment=[], r1=0, r1Every=16,
)  # fmt: skip
ALL_POLICIES = ["color", "translation", "cutout"]
# The schedule decides which of the two steps are penalised: the first of every r1Every.
CASES = {
    "paper": dict(BASE),
    "dogs": dict(
        BASE, loss="non-saturating", upsample="nearest", emaImages=10_000, augment=["translation"], batch=6
    ),
    "R1": dict(BASE, loss="non-saturating", normD="none", r1=10, r1Every=2, emaImages=10_000, latent=10),
    "hinge and R1 with batch norm": dict(BASE, loss="hinge", r1=0.5, r1Every=1),
    "spectral norm and hinge": dict(
        BASE, loss="hinge", normD="none", spectral=True, augment=ALL_POLICIES, beta1=0, beta2=0.9, batch=5
    ),
    "relativistic with R1 and R2": dict(BASE, loss="relativistic", normD="none", r1=1, r1Every=1, beta1=0.2),
    "self-attention": dict(BASE, loss="non-saturating", attention=16, emaImages=10_000),
    "self-attention under spectral norm and R1": dict(
        BASE, loss="hinge", attention=16, normD="none", spectral=True, r1=2, r1Every=1, latent=8
    ),
    "clamped cross-entropy": dict(BASE, loss="bce-clamped", augment=["color"]),
}
# Learning rates and the decay of the moving average are inputs of a step.
STEPS = [
    dict(lrD=1e-3, lrG=5e-4, emaDecay=0.7),
    dict(lrD=4e-4, lrG=8e-4, emaDecay=0.9),
]


# Numbers that are the same in both languages.


def hashes(name, count):
    """uint32 [count]: FNV-1a of the name, plus the index times 2^32 / golden ratio, through MurmurHash3's finaliser."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    h = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9) + np.uint32(seed)
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return h ^ (h >> np.uint32(16))


def uniform(name, shape, mean, width):
    """Float32 numbers within width / 2 of the mean, as float64."""
    h = hashes(name, math.prod(shape))
    u = ((h >> np.uint32(8)).astype(np.float64) - 2**23) / 2**24
    return (mean + width * u).astype(np.float32).astype(np.float64).reshape(shape)


# Mean and width by the last part of a tensor's name. Adam's second moments do not start at 0: its first step would be the sign
# of the gradient, which is inexact for gradients near 0.
INITIAL = {
    "filter": (0, 0.3), "gamma": (1, 0.5), "beta": (0, 0.4), "bias": (0.2, 0.4), "gain": (0.6, 0.4),
    "mean": (0, 0.4), "variance": (1, 0.8), "u": (0, 2), "adam/v": (1e-6, 1e-6),
}  # fmt: skip


def digest(name, x):
    """All values of a small tensor; mean, root mean square, two projections on random signs and two values of a large one."""
    x = np.asarray(x, dtype=np.float64).ravel()
    if x.size <= 6:
        return x.tolist()
    sign = lambda part: np.where(hashes(f"{name} {part}", x.size) >> np.uint32(31), -1.0, 1.0)
    projections = [float((sign(part) * x).sum() / math.sqrt(x.size)) for part in ("first", "second")]
    samples = x[hashes(f"{name} samples", 2) % np.uint32(x.size)]
    return [float(x.mean()), float(np.sqrt((x * x).mean())), *projections, *samples.tolist()]


# Layouts. A filter's last two axes are (in, out), or (out, in) of a transposed convolution: both times PyTorch's first two in reverse.


def to_torch(x):
    return torch.tensor(np.transpose(x, (3, 2, 0, 1)) if x.ndim == 4 else x)


def from_torch(x):
    x = x.detach().numpy()
    return np.transpose(x, (2, 3, 1, 0)) if x.ndim == 4 else x


def picture_to_torch(x):
    return torch.tensor(np.transpose(x, (0, 3, 1, 2)))


def picture_from_torch(x):
    return np.transpose(x.detach().numpy(), (0, 2, 3, 1))


# Gradients jump if the input of a ReLU or LeakyReLU has different signs in float32 and float64. `seed` of a case is the first
# for which all pre-activations keep this distance from 0, as a share of the layer's rms.

KINK_DISTANCE = 2e-6
nearest_kink = math.inf


def watched(x):
    global nearest_kink
    with torch.no_grad():
        nearest_kink = min(nearest_kink, (x.abs().min() / x.square().mean().sqrt()).item())
    return x


# Networks.


def shapes(c):
    """Names and shapes of all tensors, in the layout of TensorFlow.js: parameters of G and of D, statistics of G, u of D."""
    levels = int(math.log2(c["size"] // 4))
    width = [c["channels"] * 2 ** (levels - 1 - level) for level in range(levels)]
    g = {"g/0/filter": (4, 4, width[0], c["latent"])}
    for level in range(1, levels + 1):
        i, o = width[level - 1], (3 if level == levels else width[level])
        g[f"g/{level}/filter"] = (4, 4, o, i) if c["upsample"] == "transposed" else (3, 3, i, o)
    d = {}
    for layer in range(levels):
        d[f"d/{layer}/filter"] = (4, 4, 3 if layer == 0 else width[levels - layer], width[levels - 1 - layer])
    d[f"d/{levels}/filter"] = (4, 4, width[0], 1)
    for level in range(levels):
        g[f"g/{level}/gamma"] = g[f"g/{level}/beta"] = (width[level],)
    g[f"g/{levels}/bias"] = (3,)
    for layer in range(levels + 1):
        out = d[f"d/{layer}/filter"][3]
        if c["normD"] == "batch" and 0 < layer < levels:
            d[f"d/{layer}/gamma"] = d[f"d/{layer}/beta"] = (out,)
        else:
            d[f"d/{layer}/bias"] = (out,)
    if c["attention"]:
        C = width[int(math.log2(c["attention"] // 4))]
        for network, tensors in (("g", g), ("d", d)):
            tensors[f"{network}/attention/query/filter"] = (1, 1, C, C // 8)
            tensors[f"{network}/attention/key/filter"] = (1, 1, C, C // 8)
            tensors[f"{network}/attention/value/filter"] = (1, 1, C, C // 2)
            tensors[f"{network}/attention/output/filter"] = (1, 1, C // 2, C)
            tensors[f"{network}/attention/gain"] = (1,)
    statistics = {f"g/{level}/{of}": (width[level],) for level in range(levels) for of in ("mean", "variance")}
    u = {}
    if c["spectral"]:
        u = {name.replace("/filter", "/u"): (s[3],) for name, s in d.items() if name.endswith("/filter")}
    return levels, g, d, statistics, u


def attention(p, prefix, x):
    """SAGAN, section 3; keys and values pooled, as in the authors' program."""
    N, C, H, W = x.shape
    query = F.conv2d(x, p[f"{prefix}/query/filter"]).flatten(2)
    key = F.max_pool2d(F.conv2d(x, p[f"{prefix}/key/filter"]), 2).flatten(2)
    value = F.max_pool2d(F.conv2d(x, p[f"{prefix}/value/filter"]), 2).flatten(2)
    weights = torch.softmax(torch.einsum("nci,ncj->nij", query, key), dim=2)
    seen = torch.einsum("nij,ncj->nci", weights, value).reshape(N, -1, H, W)
    return x + p[f"{prefix}/gain"] * F.conv2d(seen, p[f"{prefix}/output/filter"])


def generator(c, p, z, statistics, training):
    levels = shapes(c)[0]

    def norm(level, x):
        return F.batch_norm(
            x, statistics[f"g/{level}/mean"], statistics[f"g/{level}/variance"], p[f"g/{level}/gamma"],
            p[f"g/{level}/beta"], training=training, momentum=0.1, eps=1e-5,
        )  # fmt: skip

    x = F.relu(watched(norm(0, F.conv_transpose2d(z[:, :, None, None], p["g/0/filter"]))))
    for level in range(1, levels + 1):
        weight = p[f"g/{level}/filter"]
        if c["upsample"] == "transposed":
            x = F.conv_transpose2d(x, weight, stride=2, padding=1)
        else:
            x = F.conv2d(F.interpolate(x, scale_factor=2, mode="nearest"), weight, padding=1)
        if level < levels:
            x = F.relu(watched(norm(level, x)))
        if c["attention"] and x.shape[2] == c["attention"]:
            x = attention(p, "g/attention", x)
    return torch.tanh(x + p[f"g/{levels}/bias"][:, None, None])


def discriminator(c, p, x):
    levels = shapes(c)[0]
    for layer in range(levels):
        bias = p.get(f"d/{layer}/bias")
        x = F.conv2d(x, p[f"d/{layer}/filter"], bias, stride=2, padding=1)
        if bias is None:
            x = F.batch_norm(
                x, None, None, p[f"d/{layer}/gamma"], p[f"d/{layer}/beta"], training=True, eps=1e-5
            )
        x = F.leaky_relu(watched(x), 0.2)
        if c["attention"] and x.shape[2] == c["attention"]:
            x = attention(p, "d/attention", x)
    return F.conv2d(x, p[f"d/{levels}/filter"], p[f"d/{levels}/bias"]).flatten()


def spectral_directions(p, u):
    """Algorithm 1 of the paper, one power iteration: new u, and v, of W as a matrix [out, in * height * width]."""
    new_u, v = {}, {}
    with torch.no_grad():
        for name, previous in u.items():
            W = p[name.replace("/u", "/filter")].flatten(1)
            v[name] = F.normalize(W.T @ previous, dim=0, eps=1e-12)
            new_u[name] = F.normalize(W @ v[name], dim=0, eps=1e-12)
    return new_u, v


def spectrally_normalised(p, u, v):
    normalised = dict(p)
    for name in u:
        W = p[name.replace("/u", "/filter")]
        normalised[name.replace("/u", "/filter")] = W / (u[name] @ W.flatten(1) @ v[name])
    return normalised


# Losses of the discriminator and of the generator, and D's confidence.


def cross_entropy(logits, target):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


def clamped(logits, target):
    return F.binary_cross_entropy(torch.sigmoid(logits), torch.full_like(logits, target))


def loss_of_D(kind, real, fake):
    if kind in ("non-saturating", "non-saturating"):
        return cross_entropy(real, 1.0) + cross_entropy(fake, 0.0)
    if kind == "bce-clamped":
        return clamped(real, 1.0) + clamped(fake, 0.0)
    if kind == "hinge":
        return F.relu(1 - real).mean() + F.relu(1 + fake).mean()
    return -F.logsigmoid(real - fake).mean()


def loss_of_G(kind, real, fake):
    if kind in ("non-saturating", "non-saturating"):
        return cross_entropy(fake, 1.0)
    if kind == "bce-clamped":
        return clamped(fake, 1.0)
    if kind == "hinge":
        return -fake.mean()
    return -F.logsigmoid(fake - real).mean()


def zero_centred_penalty(D, x, gamma):
    """gamma / 2 times the mean squared norm of the gradient of D with respect to its input."""
    x = x.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(D(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.square().sum(dim=(1, 2, 3)).mean()


# DiffAugment, pixel by pixel where it moves pixels.


def augment_draws(name, c):
    """Parameters [N, 7] by the hash: brightness, saturation, contrast, shift down and right, cutout centre row and column."""
    N, size = c["batch"], c["size"]
    draws = np.zeros((N, 7))
    draws[:, 0] = uniform(f"{name} brightness", (N,), 0, 1)
    draws[:, 1] = uniform(f"{name} saturation", (N,), 1, 2)
    draws[:, 2] = uniform(f"{name} contrast", (N,), 1, 1)
    reach = size // 8
    for column in (3, 4):
        draws[:, column] = (hashes(f"{name} {column}", N) % np.uint32(2 * reach + 1)).astype(np.float64) - reach
    for column in (5, 6):
        draws[:, column] = hashes(f"{name} {column}", N) % np.uint32(size + 1)
    return draws


def augment(x, draws, policies):
    pictures = []
    size = x.shape[2]
    for picture, (brightness, saturation, contrast, down, right, row, column) in zip(x, draws):
        if "color" in policies:
            picture = picture + brightness
            grey = picture.mean(dim=0, keepdim=True)
            picture = (picture - grey) * saturation + grey
            mean = picture.mean()
            picture = (picture - mean) * contrast + mean
        if "translation" in policies:
            down, right = int(down), int(right)
            reach = size // 8
            padded = F.pad(picture, (reach, reach, reach, reach))
            picture = padded[:, reach - down : reach - down + size, reach - right : reach - right + size]
        if "cutout" in policies:
            mask = torch.ones(size, size)
            half = size // 4
            top, left = int(row) - half, int(column) - half
            mask[max(top, 0) : max(top + 2 * half, 0), max(left, 0) : max(left + 2 * half, 0)] = 0
            picture = picture * mask
        pictures.append(picture)
    return torch.stack(pictures)


# The training step.


def run(c, seed):
    global nearest_kink
    nearest_kink = math.inf
    _, shapes_g, shapes_d, shapes_statistics, shapes_u = shapes(c)
    start = {}
    for name, shape in {**shapes_g, **shapes_d, **shapes_statistics, **shapes_u}.items():
        start[name] = uniform(name, shape, *INITIAL[name.split("/")[-1]])
    averaged = [*shapes_g, *shapes_statistics] if c["emaImages"] else []
    for name in averaged:
        start[f"ema/{name}"] = uniform(f"ema/{name}", start[name].shape, *INITIAL[name.split("/")[-1]])

    state = {name: to_torch(x) for name, x in start.items()}
    G = {name: state[name].requires_grad_(True) for name in shapes_g}
    D = {name: state[name].requires_grad_(True) for name in shapes_d}
    statistics = {name: state[name] for name in shapes_statistics}
    u = {name: state[name] for name in shapes_u}
    average = {name: state[f"ema/{name}"] for name in averaged}
    betas = (float(c["beta1"]), float(c["beta2"]))
    optimiser_d = torch.optim.Adam(D.values(), betas=betas, eps=1e-8)
    optimiser_g = torch.optim.Adam(G.values(), betas=betas, eps=1e-8)

    for parameters, optimiser in ((G, optimiser_g), (D, optimiser_d)):
        for name, parameter in parameters.items():
            start[f"adam/v/{name}"] = uniform(f"adam/v/{name}", start[name].shape, *INITIAL["adam/v"])
            optimiser.state[parameter] = dict(
                step=torch.tensor(0.0),
                exp_avg=torch.zeros_like(parameter),
                exp_avg_sq=to_torch(start[f"adam/v/{name}"]),
            )

    steps = []
    for number, settings in enumerate(STEPS, 1):
        optimiser_d.param_groups[0]["lr"] = settings["lrD"]
        optimiser_g.param_groups[0]["lr"] = settings["lrG"]
        bytes_ = hashes(f"photos {seed} {number}", c["batch"] * c["size"] ** 2 * 3) >> np.uint32(24)
        photos = picture_to_torch(bytes_.astype(np.float64).reshape(c["batch"], c["size"], c["size"], 3) / 127.5 - 1)
        z = torch.tensor(uniform(f"z {seed} {number}", (c["batch"], c["latent"]), 0, 3.5))
        draws_real = augment_draws(f"real {seed} {number}", c)
        draws_fake = augment_draws(f"fake {seed} {number}", c)

        fakes = generator(c, G, z, statistics, training=True)
        real = augment(photos, draws_real, c["augment"])
        u, v = spectral_directions(D, u)
        judge = lambda x: discriminator(c, spectrally_normalised(D, u, v), x)

        # The discriminator.
        real_logits, fake_logits = judge(real), judge(augment(fakes.detach(), draws_fake, c["augment"]))
        d_loss = loss_of_D(c["loss"], real_logits, fake_logits)
        penalise = c["r1"] > 0 and (number - 1) % c["r1Every"] == 0
        if penalise:
            gamma = c["r1"] * c["r1Every"]
            d_loss = d_loss + zero_centred_penalty(judge, real, gamma)
            if c["loss"] == "relativistic":
                d_loss = d_loss + zero_centred_penalty(judge, augment(fakes, draws_fake, c["augment"]), gamma)
        optimiser_d.zero_grad()
        d_loss.backward()
        optimiser_d.step()
        difference = real_logits - fake_logits
        relativistic = c["loss"] == "relativistic"

        # The generator, against the new discriminator.
        g_loss = loss_of_G(c["loss"], judge(real), judge(augment(fakes, draws_fake, c["augment"])))
        optimiser_g.zero_grad()
        g_loss.backward()
        optimiser_g.step()

        with torch.no_grad():
            for name, mean in average.items():
                mean.lerp_((G.get(name) if name in G else statistics[name]), 1 - settings["emaDecay"])
        outputs = dict(
            lossD=d_loss,
            lossG=g_loss,
            dReal=torch.sigmoid(difference if relativistic else real_logits).mean(),
            dFake=torch.sigmoid(-difference if relativistic else fake_logits).mean(),
            signReal=torch.sign(difference if relativistic else real_logits).mean(),
            diversity=fakes.std(dim=0, unbiased=False).mean(),
        )
        digests = {}
        now = {**G, **D, **statistics, **u, **{f"ema/{name}": x for name, x in average.items()}}
        for name, x in now.items():
            digests[name] = digest(name, from_torch(x) - start[name])
        for parameters, optimiser in ((G, optimiser_g), (D, optimiser_d)):
            for name, parameter in parameters.items():
                moments = optimiser.state[parameter]
                digests[f"adam/m/{name}"] = digest(f"adam/m/{name}", from_torch(moments["exp_avg"]))
                digests[f"adam/v/{name}"] = digest(
                    f"adam/v/{name}", from_torch(moments["exp_avg_sq"]) - start[f"adam/v/{name}"]
                )
        steps.append(
            dict(settings, penalise=penalise, outputs={k: x.item() for k, x in outputs.items()}, digests=digests)
        )

    z = torch.tensor(uniform("z sampled", (c["batch"], c["latent"]), 0, 3.5))
    with torch.no_grad():
        weights = {name: (average if average else G)[name] for name in G}
        sampled_statistics = {name: (average if average else statistics)[name] for name in statistics}
        pictures = generator(c, weights, z, sampled_statistics, training=False)
    return dict(config=c, seed=seed, steps=steps, pictures=digest("pictures", picture_from_torch(pictures)))


def clamped_cross_entropy():
    """PyTorch's BCELoss behind a Sigmoid, in float32: where the sigmoid rounds to 1 its value and slope are of that format."""
    logits = [-200.0, -110.0, -60.0, -30.0, -27.0, -10.0, -1.0, 0.0, 2.0, 8.0, 20.0, 40.0, 120.0]
    table = []
    for logit in logits:
        row = dict(logit=logit)
        for target, name in ((1.0, "real"), (0.0, "fake")):
            x = torch.tensor([logit], dtype=torch.float32, requires_grad=True)
            loss = F.binary_cross_entropy(torch.sigmoid(x), torch.tensor([target], dtype=torch.float32))
            loss.backward()
            row[name] = [loss.item(), x.grad.item()]
        table.append(row)
    return table


def adam():
    """Three steps from zero moments on gradients of any size, where epsilon counts too."""
    settings = dict(lr=0.1, beta1=0.5, beta2=0.99)
    gradients = [[0.0, 1e-9, -3e-8, 2e-7, 0.1, 5.0], [0.0, 2e-9, 1e-8, 2e-7, -0.3, 4.0], [1e-8, 0.0, 0.0, -1e-7, 0.2, 0.0]]
    x = torch.zeros(len(gradients[0]), requires_grad=True)
    optimiser = torch.optim.Adam([x], lr=settings["lr"], betas=(settings["beta1"], settings["beta2"]), eps=1e-8)
    after = []
    for gradient in gradients:
        x.grad = torch.tensor(gradient)
        optimiser.step()
        after.append(x.tolist())
    return dict(settings, gradients=gradients, parameters=after)


def rounded(x):
    """Seven significant digits, as float32 has."""
    if isinstance(x, dict):
        return {key: rounded(value) for key, value in x.items()}
    if isinstance(x, list):
        return [rounded(value) for value in x]
    return float(f"{x:.7g}") if isinstance(x, float) else x


if __name__ == "__main__":
    cases = {}
    for name, config in CASES.items():
        for seed in itertools.count():
            cases[name] = run(config, seed)
            if nearest_kink > KINK_DISTANCE:
                break
        print(f"{name}: seed {seed}, nearest kink {nearest_kink:.1e}")
    golden = dict(
        howObtained="golden-steps.py, by PyTorch in float64",
        torch=torch.__version__,
        initial=INITIAL,
        cases=cases,
        adam=adam(),
        clampedCrossEntropy=clamped_cross_entropy(),
    )
    file = pathlib.Path(__file__).with_suffix(".json")
    file.write_text(json.dumps(rounded(golden)))
