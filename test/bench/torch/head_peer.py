"""The PyTorch side of the bench of SoftTriple's head: loss and gradients, timed on request.

Reads one JSON object a line, {"classes": 11318, "centersPerClass": 2, "dim": 64, "batch": 32, "repeat": 5}, and answers
with {"ms": [...], "loss": number, "peakMB": number}. The regulariser is worked out class by class; the published code's
matrix of all centres would take gigabytes here. Threads come from OMP_NUM_THREADS.
"""

import json
import os
import resource
import sys
import time

import torch
from torch.nn import functional as F

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
torch.manual_seed(0)


class Head:
    def __init__(self, classes, centers, dim, batch):
        self.classes, self.per_class, self.dim = classes, centers, dim
        bound = (classes * centers) ** -0.5
        self.centers = torch.nn.Parameter(torch.empty(dim, classes * centers).uniform_(-bound, bound))
        self.embeddings = F.normalize(torch.randn(batch, dim), dim=1).requires_grad_()
        self.labels = torch.arange(batch) * 37 % classes
        self.pairs = torch.triu(torch.ones(centers, centers), 1).bool()

    def step(self):
        self.centers.grad = self.embeddings.grad = None
        unit = F.normalize(self.centers, dim=0)
        similarity = (self.embeddings @ unit).view(-1, self.classes, self.per_class)
        pooled = (F.softmax(similarity * 10, dim=2) * similarity).sum(2)
        logits = 20 * (pooled - F.one_hot(self.labels, self.classes) * 0.01)
        by_class = unit.view(self.dim, self.classes, self.per_class).permute(1, 2, 0)
        products = by_class @ by_class.transpose(1, 2)
        count = self.classes * self.per_class * (self.per_class - 1)
        spread = torch.sqrt(2.0 + 1e-5 - 2.0 * products[:, self.pairs]).sum() / count
        loss = F.cross_entropy(logits, self.labels) + 0.2 * spread
        loss.backward()
        return loss.item()


head = None
for line in sys.stdin:
    request = json.loads(line)
    head = head or Head(request["classes"], request["centersPerClass"], request["dim"], request["batch"])
    times, loss = [], 0.0
    for _ in range(request["repeat"]):
        started = time.perf_counter()
        loss = head.step()
        times.append((time.perf_counter() - started) * 1000)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"ms": times, "loss": loss, "peakMB": peak, "torch": torch.__version__}), flush=True)
