"""Parameters of M1, the clock and the report of its peers; see README.md.

m1_params.py prints the parameters as JSON, for `keiretsu bench m1 --params`.
"""

import json
import os
import time

import numpy as np

MONTHS, DRIVERS, CONTRACTS, TRANCHES, PARTIES = 120, 20, 50, 6, 12
DT = 1.0 / 12.0
LEVELS = (0.05, 0.5, 0.95)

d = np.arange(DRIVERS)
mu = 0.05 - 0.002 * d
sigma = 0.10 + 0.02 * d
correlation = 0.3 + 0.7 * np.exp(-np.abs(d[:, None] - d[None, :]) / 5.0)
drift = (mu - 0.5 * sigma**2) * DT
root = np.linalg.cholesky(correlation)
# A month's move of the logarithms is drift + step @ normals.
step = root * (sigma * np.sqrt(DT))[:, None]

k = np.arange(CONTRACTS)
usage_driver = 10 + (7 * k) % 10
price_driver = k % 10
usage = 1 + 0.1 * (k % 7)
price = 2 + 0.25 * (k % 5)
charge = usage * price
minimum = 0.9 * usage * price
payer = k % PARTIES
payee = (5 * k + 3) % PARTIES
payee = np.where(payee == payer, (payer + 1) % PARTIES, payee)

j = np.arange(TRANCHES)
tranche_driver = 3 * j
barrier = 1.10 + 0.05 * j
tranche_amount = 50.0 + 10.0 * j

# What a contract's amount, and a tranche's draw, does to the cash of each party.
of_contract = np.zeros((CONTRACTS, PARTIES))
of_contract[k, payee] += 1
of_contract[k, payer] -= 1
of_tranche = np.zeros((TRANCHES, PARTIES))
of_tranche[j, 11 - j] += tranche_amount
of_tranche[j, j] -= tranche_amount


def clock():
    """Wall and CPU seconds."""
    return np.array([time.perf_counter(), time.process_time()])


def report(name, paths, times):
    """Prints a line of JSON; times are differences of clock()."""
    wall, cpu = np.median(np.array(times), axis=0)
    work = paths * MONTHS * CONTRACTS
    line = {"bench": "M1", "impl": name, "paths": paths, "runs": len(times), "cores": os.cpu_count()}
    line |= {"wall_s": round(float(wall), 4), "cpu_s": round(float(cpu), 4)}
    line |= {"psc_per_wall_s": round(work / wall), "psc_per_cpu_s": round(work / cpu)}
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    sizes = {"T": MONTHS, "D": DRIVERS, "K": CONTRACTS, "J": TRANCHES, "P": PARTIES, "dt": DT}
    drivers = {"mu": mu, "sigma": sigma, "C": correlation, "L": root}
    contracts = {"usage_driver": usage_driver, "price_driver": price_driver, "U": usage, "R": price}
    contracts |= {"M": minimum, "payer": payer, "payee": payee}
    tranches = {"tr_driver": tranche_driver, "tr_barrier": barrier, "tr_amount": tranche_amount}
    tranches |= {"tr_payer": j, "tr_payee": 11 - j}
    lists = {name: list.tolist() for name, list in (drivers | contracts | tranches).items()}
    print(json.dumps(sizes | lists))
