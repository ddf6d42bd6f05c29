"""M3 in pyxirr, NumPy and SciPy: m3_xirr.py [SERIES] [RUNS]; the slow ones on some of the series."""

import json
import sys
import time
from datetime import date, timedelta

import numpy as np
import numpy_financial
import pyxirr
from scipy import optimize

n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
FLOWS, START = 40, date(2026, 1, 1)

rng = np.random.default_rng(11)
days = np.zeros((n, FLOWS), int)
days[:, 1:] = np.cumsum(rng.integers(20, 121, (n, FLOWS - 1)), axis=1)
amounts = np.empty((n, FLOWS))
amounts[:, 0] = -100
amounts[:, 1:] = rng.uniform(1, 6, (n, FLOWS - 1))
years = days / 365.0
dates = np.datetime64(START) + days
some, few = min(n, 20_000), min(n, 2000)
lists = [([START + timedelta(int(day)) for day in days[at]], amounts[at].tolist()) for at in range(some)]


def newton():
    """All series at once."""
    rate = np.full(n, 0.1)
    for _ in range(60):
        worth = amounts * np.exp(-years * np.log1p(rate)[:, None])
        slope = -(worth * years).sum(1) / (1 + rate)
        move = worth.sum(1) / slope
        rate = np.maximum(rate - move, -0.99)
        if np.abs(move).max() < 1e-10:
            break
    return rate


def worth_of(at):
    return lambda rate: float((amounts[at] * (1 + rate) ** -years[at]).sum())


def brentq(at):
    return optimize.brentq(worth_of(at), -0.99, 10.0, xtol=1e-10)


peers = (
    ("pyxirr-arrays", n, lambda: [pyxirr.xirr(dates[at], amounts[at]) for at in range(n)]),
    ("pyxirr-lists", some, lambda: [pyxirr.xirr(*one) for one in lists]),
    ("numpy-newton", n, newton),
    ("scipy-brentq", few, lambda: [brentq(at) for at in range(few)]),
    ("scipy-newton", few, lambda: [optimize.newton(worth_of(at), 0.1, tol=1e-10) for at in range(few)]),
    # Equal periods only, so no XIRR: for scale.
    ("numpy-financial-irr", few, lambda: [numpy_financial.irr(amounts[at]) for at in range(few)]),
)
for name, count, solve in peers:
    times = []
    for _ in range(runs):
        start = time.process_time()
        solve()
        times.append(time.process_time() - start)
    cpu = float(np.median(times))
    line = {"bench": "M3", "impl": name, "series": count, "cpu_s": round(cpu, 4)}
    print(json.dumps(line | {"series_per_cpu_s": round(count / cpu)}))
