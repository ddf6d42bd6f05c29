"""M2 in SciPy: m2_eisenberg_noe.py [PARTIES] [RUNS]; fictitious default up to 2,000 parties."""

import json
import sys
import time

import numpy as np
import scipy.sparse as sparse
from scipy.sparse.linalg import spsolve

n = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3

rng = np.random.default_rng(7)
debtor, creditor = rng.integers(0, n, 10 * n), rng.integers(0, n, 10 * n)
amount = np.exp(rng.standard_normal(10 * n))
keep = debtor != creditor
debts = sparse.coo_matrix((amount[keep], (debtor[keep], creditor[keep])), shape=(n, n)).tocsr()
owed = np.asarray(debts.sum(1)).ravel()
incoming = np.asarray(debts.sum(0)).ravel()
outside = 0.9 * np.maximum(0, owed - incoming) + 0.05 * owed * rng.random(n)
received = (sparse.diags(1 / np.maximum(owed, 1e-300)) @ debts).T.tocsr()
tolerance = 1e-10 * owed.max()


def picard():
    paid = owed.copy()
    for rounds in range(1, 100_000):
        more = np.minimum(owed, outside + received @ paid)
        if np.abs(more - paid).max() <= tolerance:
            return more, rounds
        paid = more
    raise ArithmeticError("no fixed point")


def fictitious_default():
    failed, paid = np.zeros(n, bool), owed.copy()
    for rounds in range(1, n + 2):
        short = outside + received @ paid < owed - tolerance
        if (short == failed).all():
            return paid, rounds
        failed |= short
        gone, standing = np.flatnonzero(failed), np.flatnonzero(~failed)
        matrix = sparse.eye(len(gone), format="csc") - received[gone][:, gone].tocsc()
        paid = owed.copy()
        paid[gone] = spsolve(matrix, outside[gone] + received[gone][:, standing] @ owed[standing])
    raise ArithmeticError("more rounds than parties")


def clock():
    return np.array([time.perf_counter(), time.process_time()])


first = None
for name, solve, limit in (("picard", picard, n), ("fictitious-default", fictitious_default, 2000)):
    if n > limit:
        continue
    times = []
    for _ in range(runs):
        start = clock()
        paid, rounds = solve()
        times.append(clock() - start)
    wall, cpu = np.median(times, axis=0)
    first = paid if first is None else first
    line = {"bench": "M2", "impl": f"scipy-{name}", "parties": n, "edges": int(debts.nnz), "rounds": rounds}
    line |= {"wall_s": round(wall, 5), "cpu_s": round(cpu, 5), "differs": float(np.abs(paid - first).max())}
    print(json.dumps(line))
