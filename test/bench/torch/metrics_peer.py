"""The PyTorch side of the metrics bench: the same scores of the same vectors, timed on request.

Reads one JSON object a line, {"work": "retrieval" | "clustering", "rows": 20000, "dim": 128, "each": 10, "repeat": 2}, and
answers each with {"ms": [...], "value": number}. Threads come from OMP_NUM_THREADS.
"""

import json
import os
import sys
import time

import torch
from torch.nn import functional as F

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
BLOCK = 1024
RANKS = (1, 2, 4, 8)
ITERATIONS = 10


def vectors(rows, dim, each):
    """Classes of `each` points around a centre, scaled to unit length."""
    random = torch.Generator().manual_seed(1)
    classes = rows // each
    labels = torch.arange(rows) % classes
    centers = torch.rand(classes, dim, generator=random) - 0.5
    noise = torch.rand(rows, dim, generator=random) - 0.5
    return F.normalize(centers[labels] + 1.75 * noise, dim=1), labels


def retrieval(x, labels, each):
    """R@1/2/4/8, R-precision, MAP@R and MRR, every row against all others."""
    relevant = each - 1
    depth = max(relevant, RANKS[-1]) + 1
    hits, ranks = [], []
    members = labels.argsort(stable=True).view(-1, each)
    for first in range(0, len(x), BLOCK):
        scores = x[first : first + BLOCK] @ x.T
        rows = torch.arange(scores.shape[0])
        scores[rows, rows + first] = -2
        own = labels[first : first + BLOCK, None]
        found = scores.topk(depth, dim=1)
        hits.append(labels[found.indices] == own)
        same = scores.gather(1, members[own[:, 0]]).amax(dim=1, keepdim=True)
        ranks.append((scores > same).sum(dim=1) + 1)
    hit, rank = torch.cat(hits), torch.cat(ranks)
    at_r = hit[:, :relevant].float()
    precision = at_r.cumsum(1) / torch.arange(1, relevant + 1)
    scores = [hit[:, :k].any(1).float().mean() for k in RANKS]
    scores += [at_r.mean(), ((precision * at_r).sum(1) / relevant).mean(), (1 / rank).mean()]
    return scores[0].item()


def clustering(x, each):
    """Ten of Lloyd's iterations from the first points, as many clusters as classes. Returns the inertia."""
    centers = x[: len(x) // each].clone()
    assignment = None
    for step in range(ITERATIONS + 1):
        squares = centers.square().sum(1)
        distances, parts = [], []
        for first in range(0, len(x), BLOCK):
            block = x[first : first + BLOCK]
            nearest = (squares - 2 * (block @ centers.T)).min(dim=1)
            parts.append(nearest.indices)
            distances.append(nearest.values + block.square().sum(1))
        assignment = torch.cat(parts)
        if step < ITERATIONS:
            counts = torch.bincount(assignment, minlength=len(centers))
            sums = torch.zeros_like(centers).index_add_(0, assignment, x)
            centers = torch.where(counts[:, None] > 0, sums / counts.clamp(min=1)[:, None], centers)
    return torch.cat(distances).sum().item()


sets = {}
with torch.inference_mode():
    for line in sys.stdin:
        request = json.loads(line)
        key = (request["rows"], request["dim"], request["each"])
        if key not in sets:
            sets[key] = vectors(*key)
        x, labels = sets[key]
        times, value = [], 0.0
        for _ in range(request["repeat"]):
            started = time.perf_counter()
            value = retrieval(x, labels, key[2]) if request["work"] == "retrieval" else clustering(x, key[2])
            times.append((time.perf_counter() - started) * 1000)
        print(json.dumps({"ms": times, "value": value, "torch": torch.__version__}), flush=True)
