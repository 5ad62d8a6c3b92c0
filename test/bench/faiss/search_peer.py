"""The faiss side of the search bench, on request.

Arguments: file of the vectors, file of the queries (float32), dimensions, links of a graph's node. Reads one JSON object
a line, {"work": "exact" | "build" | "query", "width": 112}, and answers with {"ms": number, "cpu": number,
"value": recall@10 of a query, "faiss": version}. Threads come from OMP_NUM_THREADS.
"""

import json
import os
import sys
import time

import faiss
import numpy as np

faiss.omp_set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
dim, links = int(sys.argv[3]), int(sys.argv[4])
vectors, queries = (np.fromfile(path, "float32").reshape(-1, dim) for path in sys.argv[1:3])
flat = faiss.IndexFlatL2(dim)
flat.add(vectors)
graph, exact = None, None


def exact_search():
    global exact
    exact = flat.search(queries, 10)[1]


def build():
    global graph
    graph = faiss.IndexHNSWFlat(dim, links)
    graph.add(vectors)


def query(width):
    graph.hnsw.efSearch = width
    found = graph.search(queries, 10)[1]
    return found


for line in sys.stdin:
    request = json.loads(line)
    started, used = time.perf_counter(), time.process_time()
    found = None
    if request["work"] == "exact":
        exact_search()
    elif request["work"] == "build":
        build()
    else:
        found = query(request["width"])
    answer = {"ms": (time.perf_counter() - started) * 1000, "cpu": (time.process_time() - used) * 1000}
    if found is not None:
        hits = sum(len(np.intersect1d(a, b)) for a, b in zip(found, exact))
        answer["value"] = hits / exact.size
    print(json.dumps({**answer, "faiss": faiss.__version__}), flush=True)
