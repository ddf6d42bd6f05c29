"""M1 in NumPy: m1_numpy.py [PATHS] [RUNS] [BLOCK] [f64|f32]; BLOCK paths at a time, 0 for all."""

import sys

import m1_params as m
import numpy as np


def run(paths, seed, block, kind):
    rng = np.random.Generator(np.random.SFC64(seed))
    step, drift, charge, minimum = (x.astype(kind) for x in (m.step, m.drift, m.charge, m.minimum))
    of_contract, of_tranche = m.of_contract.T.astype(kind), m.of_tranche.T.astype(kind)
    barrier = m.barrier.astype(kind)[:, None]
    net = np.empty((m.MONTHS, m.PARTIES, paths), kind)
    for first in range(0, paths, block or paths):
        width = min(block or paths, paths - first)
        logs = np.zeros((m.DRIVERS, width), kind)
        is_open = np.ones((m.TRANCHES, width), bool)
        for month in range(m.MONTHS):
            logs += step @ rng.standard_normal((m.DRIVERS, width), dtype=kind)
            logs += drift[:, None]
            level = np.exp(logs)
            metered = charge[:, None] * level[m.usage_driver] * level[m.price_driver]
            due = np.maximum(minimum[:, None], metered)
            drawn = is_open & (level[m.tranche_driver] >= barrier)
            is_open &= ~drawn
            net[month, :, first : first + width] = of_contract @ due + of_tranche @ drawn.astype(kind)
    return np.quantile(net, m.LEVELS, axis=2, overwrite_input=True)


def main():
    given = sys.argv[1:] + ["10000", "3", "0", "f64"][len(sys.argv) - 1 :]
    paths, runs, block = (int(word) for word in given[:3])
    kind = np.float32 if given[3] == "f32" else np.float64
    times = []
    for number in range(runs):
        start = m.clock()
        run(paths, 100 + number, block, kind)
        times.append(m.clock() - start)
    m.report(f"numpy-{given[3]}-block{block}", paths, times)


main()
