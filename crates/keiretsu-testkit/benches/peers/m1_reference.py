"""The reference of M1: m1_reference.py OUTPUT [PATHS] writes quantiles and standard errors of one path.

Prints how far means of contracts are from their closed form, and cash from adding up to nothing.
"""

import json
import math
import sys

import m1_params as m
import numpy as np

BLOCK = 20_000
output, paths = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
below = np.vectorize(lambda x: 0.5 * (1 + math.erf(x / math.sqrt(2))))


def means(month):
    """E max(minimum, charge X Y) at the end of so many months."""
    years = month * m.DT
    on, by = m.usage_driver, m.price_driver
    common = m.correlation[on, by] * m.sigma[on] * m.sigma[by]
    forward = m.charge * np.exp((m.mu[on] + m.mu[by] + common) * years)
    spread = np.sqrt((m.sigma[on] ** 2 + m.sigma[by] ** 2 + 2 * common) * years)
    d1 = (np.log(forward / m.minimum) + spread**2 / 2) / spread
    return m.minimum + forward * below(d1) - m.minimum * below(d1 - spread)


rng = np.random.Generator(np.random.SFC64(20260101))
logs = np.zeros((m.DRIVERS, paths))
is_open = np.ones((m.TRANCHES, paths), bool)
quantiles = np.empty((3, m.MONTHS, m.PARTIES))
errors = np.empty_like(quantiles)
far, lost = 0.0, 0.0
for month in range(m.MONTHS):
    net = np.empty((m.PARTIES, paths))
    total, squares = np.zeros(m.CONTRACTS), np.zeros(m.CONTRACTS)
    for first in range(0, paths, BLOCK):
        part = slice(first, min(first + BLOCK, paths))
        normals = rng.standard_normal((m.DRIVERS, part.stop - part.start))
        logs[:, part] += m.step @ normals + m.drift[:, None]
        level = np.exp(logs[:, part])
        metered = m.charge[:, None] * level[m.usage_driver] * level[m.price_driver]
        due = np.maximum(m.minimum[:, None], metered)
        total += due.sum(1)
        squares += (due**2).sum(1)
        drawn = is_open[:, part] & (level[m.tranche_driver] >= m.barrier[:, None])
        is_open[:, part] &= ~drawn
        net[:, part] = m.of_contract.T @ due + m.of_tranche.T @ drawn
    mean = total / paths
    deviation = np.sqrt(np.maximum(squares / paths - mean**2, 0))
    far = max(far, float(np.max(np.abs(mean - means(month + 1)) / (deviation / math.sqrt(paths)))))
    lost = max(lost, float(np.abs(net.sum(0)).max()))
    net.sort(axis=1)
    for at, share in enumerate(m.LEVELS):
        place = (paths - 1) * share
        index = int(place)
        quantiles[at, month] = net[:, index] * (1 - place + index) + net[:, index + 1] * (place - index)
        # The density at a quantile, from the spacing of the order statistics about it.
        near = int(0.01 * paths)
        low, high = max(index - near, 0), min(index + near, paths - 1)
        spacing = (net[:, high] - net[:, low]) / ((high - low) / paths)
        errors[at, month] = math.sqrt(share * (1 - share)) * spacing
rounded = {"q": np.round(quantiles, 8).tolist(), "se1": np.round(errors, 8).tolist()}
with open(output, "w") as file:
    json.dump({"paths": paths} | rounded, file)
print(f"largest |z| of a contract's mean: {far}; largest sum of all parties' cash: {lost}")
