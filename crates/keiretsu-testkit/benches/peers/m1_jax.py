"""M1 in JAX on the CPU: m1_jax.py [PATHS] [RUNS] [f32|f64]; months by lax.scan, quantiles by NumPy."""

import sys
from functools import partial

import jax

given = sys.argv[1:] + ["10000", "3", "f32"][len(sys.argv) - 1 :]
jax.config.update("jax_enable_x64", given[2] == "f64")

import jax.numpy as jnp  # noqa: E402  (the width is chosen before)
import m1_params as m  # noqa: E402
import numpy as np  # noqa: E402

KIND = jnp.float64 if given[2] == "f64" else jnp.float32
parameters = (m.step, m.drift, m.charge, m.minimum, m.of_contract.T, m.of_tranche.T, m.barrier)
STEP, DRIFT, CHARGE, MINIMUM, OF_CONTRACT, OF_TRANCHE, BARRIER = (jnp.asarray(x, KIND) for x in parameters)


@partial(jax.jit, static_argnums=1)
def net_cash(key, paths):
    def month(state, key):
        logs, is_open = state
        logs = logs + STEP @ jax.random.normal(key, (m.DRIVERS, paths), KIND) + DRIFT[:, None]
        level = jnp.exp(logs)
        metered = CHARGE[:, None] * level[m.usage_driver] * level[m.price_driver]
        due = jnp.maximum(MINIMUM[:, None], metered)
        drawn = is_open & (level[m.tranche_driver] >= BARRIER[:, None])
        return (logs, is_open & ~drawn), OF_CONTRACT @ due + OF_TRANCHE @ drawn.astype(KIND)

    start = jnp.zeros((m.DRIVERS, paths), KIND), jnp.ones((m.TRANCHES, paths), bool)
    return jax.lax.scan(month, start, jax.random.split(key, m.MONTHS))[1]


def run(paths, seed):
    net = net_cash(jax.random.key(seed), paths).block_until_ready()
    return np.quantile(np.asarray(net), m.LEVELS, axis=2)


paths, runs = int(given[0]), int(given[1])
run(paths, 1)  # compiles
times = []
for number in range(runs):
    start = m.clock()
    run(paths, 100 + number)
    times.append(m.clock() - start)
m.report(f"jax-{given[2]}", paths, times)
