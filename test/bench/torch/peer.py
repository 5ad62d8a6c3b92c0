"""The PyTorch side of the benchmark: the same network, loss and batch, timed on request.

Reads one JSON object a line from standard input,
{"work": "train" | "embed", "network": "mobilenet-v2-0.35" | "resnet18", "size": 128, "batch": 32, "repeat": 3},
and answers each with {"ms": [...], "loss": number}. Threads come from OMP_NUM_THREADS.
"""

import json
import os
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
torch.manual_seed(0)

WIDTH = 0.35
CLASSES, CENTERS, DIM = 528, 2, 128
# expansion, channels, blocks, first stride: table 2 of Sandler et al., 2018
STAGES = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]


def round_to_eight(channels):
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded


def conv(inputs, outputs, kernel, stride=1, groups=1, activate=True):
    layers = [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs, eps=1e-3),
    ]
    if activate:
        layers.append(nn.ReLU6(inplace=True))
    return nn.Sequential(*layers)


class InvertedResidual(nn.Module):
    def __init__(self, inputs, outputs, expansion, stride):
        super().__init__()
        hidden = inputs * expansion
        layers = [conv(inputs, hidden, 1)] if expansion > 1 else []
        layers += [conv(hidden, hidden, 3, stride, groups=hidden), conv(hidden, outputs, 1, activate=False)]
        self.layers = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        y = self.layers(x)
        return x + y if self.residual else y


class BasicBlock(nn.Module):
    """Table 1 of He et al., 2016; the shortcut is a 1x1 convolution where the shape changes."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        layers = [nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]
        layers += [nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs)]
        self.layers = nn.Sequential(*layers)
        self.shortcut = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return F.relu(self.layers(x) + self.shortcut(x), inplace=True)


def resnet18():
    layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for outputs, stride in [(64, 1), (128, 2), (256, 2), (512, 2)]:
        layers += [BasicBlock(channels, outputs, stride), BasicBlock(outputs, outputs, 1)]
        channels = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())


def mobilenet():
    channels = round_to_eight(32 * WIDTH)
    layers = [conv(3, channels, 3, 2)]
    for expansion, width, blocks, stride in STAGES:
        outputs = round_to_eight(width * WIDTH)
        for block in range(blocks):
            layers.append(InvertedResidual(channels, outputs, expansion, stride if block == 0 else 1))
            channels = outputs
    layers += [conv(channels, 1280, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*layers)


class SoftTriple(nn.Module):
    """Qian et al., 2019, as its authors published it."""

    def __init__(self, scale=20.0, gamma=0.1, tau=0.2, margin=0.01):
        super().__init__()
        self.scale, self.gamma, self.tau, self.margin = scale, 1 / gamma, tau, margin
        self.centers = nn.Parameter(torch.randn(DIM, CLASSES * CENTERS) * 0.05)
        same = torch.block_diag(*[torch.ones(CENTERS, CENTERS)] * CLASSES).bool()
        self.register_buffer("pairs", torch.triu(same, diagonal=1))

    def forward(self, x, labels):
        centers = F.normalize(self.centers, dim=0)
        similarity = (x @ centers).view(-1, CLASSES, CENTERS)
        pooled = (F.softmax(similarity * self.gamma, dim=2) * similarity).sum(2)
        logits = self.scale * (pooled - F.one_hot(labels, CLASSES) * self.margin)
        gram = centers.t() @ centers
        spread = torch.sqrt(2.0 + 1e-5 - 2.0 * gram[self.pairs]).sum() / (CLASSES * CENTERS * (CENTERS - 1))
        return F.cross_entropy(logits, labels) + self.tau * spread


class Bench:
    def __init__(self, network, size, batch, compiled):
        backbone, features = (resnet18(), 512) if network == "resnet18" else (mobilenet(), 1280)
        self.network = nn.Sequential(backbone, nn.Linear(features, DIM)).to(memory_format=torch.channels_last)
        self.loss = SoftTriple()
        groups = [{"params": self.network.parameters(), "lr": 3e-4}, {"params": self.loss.parameters(), "lr": 1e-2}]
        self.optimizer = torch.optim.Adam(groups, weight_decay=1e-4)
        self.images = torch.randn(batch, 3, size, size).contiguous(memory_format=torch.channels_last)
        self.labels = torch.arange(batch) * 37 % CLASSES
        self.forward = torch.compile(self.network) if compiled else self.network

    def freeze_statistics(self):
        for module in self.network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()

    def train(self):
        self.network.train()
        self.freeze_statistics()
        self.optimizer.zero_grad()
        loss = self.loss(F.normalize(self.forward(self.images), dim=1), self.labels)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def embed(self):
        self.network.eval()
        with torch.inference_mode():
            return F.normalize(self.forward(self.images), dim=1)[0, 0].item()


benches = {}
for line in sys.stdin:
    request = json.loads(line)
    key = (request["work"], request["network"], request["size"], request["batch"], request.get("compiled", False))
    bench = benches.setdefault(key, None) or Bench(*key[1:])
    benches[key] = bench
    times, value = [], 0.0
    for _ in range(request["repeat"]):
        started = time.perf_counter()
        value = bench.train() if request["work"] == "train" else bench.embed()
        times.append((time.perf_counter() - started) * 1000)
    print(json.dumps({"ms": times, "loss": value, "torch": torch.__version__}), flush=True)
