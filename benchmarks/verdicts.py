"""How often verdicts on plan components err, on companies and panels whose truth is known.

Usage: ``python -m benchmarks.verdicts [--seeds N] [--panels N]``

``demo``: companies drawn in memory from as many seeds, each with a bonus that brings nothing and one that works;
judged as the declared pilot they are, and as if nobody had said so. What the working one brings is measured
against the same companies without its effect. ``simulated``: panels without any effect. Shares are in per cent;
a band holds if the binomial 95 % interval of the share overlaps it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from benchmarks.demo_panels import DEAD, HEALTHY, Drawn, drawn, without_effect
from benchmarks.few_teams import LEANING, PERIODS, ROLLOUTS, TEAMS, WAYS, Rollout, noise
from benchmarks.figures import Aim, Figure, say, show
from metrics.evidence.before_after import step
from metrics.evidence.linear import Estimate, cells_of, imputed, weighings
from metrics.evidence.panel import Floats
from metrics.evidence.staggered import checks, staggered
from metrics.evidence.synthetic import synthetic
from metrics.evidence.verdict import Outcome, Verdict, judge

WAVES = np.array([5, 9, 13, 99] * 3)  # when a made-up bonus reaches the teams, in some order
REDRAWN = 5  # made-up rollouts a company


@dataclass(frozen=True)
class Band(Aim):
    """A share in per cent that should lie between two bounds, as far as ``trials`` can tell."""

    low: float = 0.0
    trials: int = 1

    def __str__(self) -> str:
        """As it is printed, such as ``87–93 %``."""
        return f"{self.low:.0f}–{self.bound:.0f} %" if self.low else f"≤ {self.bound:.0f} %"

    def met(self, value: float) -> bool:
        """Whether the binomial 95 % interval of the share overlaps the band."""
        around = stats.binomtest(round(value / 100 * self.trials), self.trials).proportion_ci(0.95, "exact")
        return bool(100 * around.low <= self.bound and 100 * around.high >= self.low)


def _share(name: str, hits: npt.ArrayLike, low: float | None = None, high: float | None = None) -> Figure:
    """The share of hits in per cent, held to a band where there is one."""
    aim = None if high is None else Band(high, low=low or 0.0, trials=np.size(hits))
    return Figure(f"verdicts.{name}", 100 * float(np.mean(np.asarray(hits))), "%", aim)


def _covered(name: str, hits: npt.ArrayLike) -> Figure:
    return _share(f"{name}.covered", hits, 87, 93)


def _false_alarms(name: str, p: npt.ArrayLike) -> Figure:
    return _share(f"{name}.false_alarms", np.asarray(p) < 0.05, 3, 7)


def demo(seeds: Sequence[int]) -> Iterator[Figure]:
    """Error rates on the demo company."""
    companies = []
    for n, seed in enumerate(seeds):
        companies.append(drawn(seed))
        if n % 25 == 24:
            say(f"{n + 1} of {len(seeds)} companies drawn")
    for way, pilot in (("pilot", "staggered"), ("undeclared", "")):
        yield from _outcomes(f"demo.{way}", companies, pilot)
    yield from _covers(companies, _truth(companies))
    yield from _placebos(companies)


def _outcomes(name: str, companies: Sequence[Drawn], pilot: str) -> Iterator[Figure]:
    dead = [_judged(company, DEAD, pilot) for company in companies]
    healthy = [_judged(company, HEALTHY, pilot) for company in companies]
    yield _share(f"{name}.dead_found", [v.outcome is Outcome.COSTS for v in dead])
    yield _share(f"{name}.dead_praised", [v.outcome is Outcome.EARNS for v in dead], high=5)
    yield _share(f"{name}.healthy_found", [v.outcome is Outcome.EARNS for v in healthy])
    yield _share(f"{name}.healthy_accused", [v.outcome is Outcome.COSTS for v in healthy], high=5)
    yield _share(f"{name}.not_comparable", [v.grade == "E" for v in (*dead, *healthy)])


def _judged(company: Drawn, component: str, pilot: str) -> Verdict:
    return judge(company.panel(component), company.money(component), pilot=pilot)


def _truth(companies: Sequence[Drawn]) -> float:
    """What the healthy bonus brings in log points, on average over the cells that have it."""
    with without_effect():
        bare = [drawn(company.seed, paid=False) for company in companies]
    pairs = zip(companies, bare, strict=True)
    return float(np.mean([(one.outcome - other.outcome)[one.having[HEALTHY]].mean() for one, other in pairs]))


def _covers(companies: Sequence[Drawn], truth: float) -> Iterator[Figure]:
    yield Figure("verdicts.demo.healthy_brings", 100 * float(np.expm1(truth)), "%")
    for component, effect in ((DEAD, 0.0), (HEALTHY, truth)):
        found = [_sure(staggered(company.panel(component))) for company in companies]
        name = f"demo.{'dead' if component == DEAD else 'healthy'}"
        yield _covered(name, [one.low <= effect <= one.high for one in found])
    mdes = [_sure(staggered(company.panel(DEAD))).relative.mde for company in companies]
    yield Figure("verdicts.demo.smallest_noticed", 100 * float(np.median(mdes)), "%")


def _placebos(companies: Sequence[Drawn]) -> Iterator[Figure]:
    """Bonuses that do not exist, in waves drawn by lot."""
    found, before = [], []
    rng = np.random.default_rng(1)
    for company in companies:
        for _ in range(REDRAWN):
            treated = np.arange(company.outcome.shape[1]) >= rng.permutation(WAVES)[:, None]
            panel = company.beside(treated, (HEALTHY, DEAD))
            found.append(_sure(staggered(panel)))
            before.append(checks(panel).passed)
    yield _false_alarms("demo.placebo", [one.p for one in found])
    yield _covered("demo.placebo", [one.low <= 0 <= one.high for one in found])
    passed = [one for one, good in zip(found, before, strict=True) if good]
    yield _false_alarms("demo.placebo_after_checks", [one.p for one in passed])
    yield _share("demo.checks_failed", [not good for good in before], 0, 7)


def _sure(found: Estimate | None) -> Estimate:
    assert found is not None
    return found


def simulated(panels: int) -> Iterator[Figure]:
    """Coverage and false alarms of each way to infer and each method, without any effect."""
    rng = np.random.default_rng(2)
    every: dict[str, list[Floats]] = {name: [] for name in WAYS}
    for rollout in ROLLOUTS:
        for leaning in LEANING:
            outcomes = noise(rng, panels, leaning).reshape(panels, -1)
            for name, way in WAYS.items():
                every[name].append(way(outcomes, rollout))
    for name, found in every.items():
        p = np.concatenate(found)
        if name == "chosen":
            yield _covered(f"simulated.{name}", p > 0.1)
            yield _false_alarms(f"simulated.{name}", p)
        else:  # measured to be compared with, not to be held to anything
            yield _share(f"simulated.{name}.covered", p > 0.1)
            yield _share(f"simulated.{name}.false_alarms", p < 0.05)
    yield _grown(rng, panels)
    yield from _mixtures(rng, max(panels // 5, 20))
    yield from _steps(rng, max(panels // 5, 20))


def _grown(rng: np.random.Generator, panels: int) -> Figure:
    """An effect that grows with time and differs by team: what imputation is there for."""
    rollout = ROLLOUTS[0]
    cells = cells_of(rollout.panel())
    since = np.maximum(cells.period - np.array(rollout.starts)[cells.unit] + 1, 0)
    effect = cells.treated * np.minimum(since, 6) / 6 * 0.2 * (0.5 + cells.unit / (TEAMS - 1))
    outcomes = noise(rng, panels, 0.4).reshape(panels, -1) + effect
    found = weighings(cells, imputed(cells))[0]
    assert found is not None
    middle, error = found.apply(outcomes)
    reach = stats.t.ppf(0.95, found.freedom) * error
    return _covered("simulated.growing_effect", np.abs(middle - effect[cells.treated].mean()) <= reach)


def _mixtures(rng: np.random.Generator, panels: int) -> Iterator[Figure]:
    """Synthetic control: one and two teams of twelve."""
    for teams in (1, 2):
        rollout = Rollout("few", (11,) * teams + (PERIODS,) * (TEAMS - teams))
        outcomes = [one for lean in LEANING for one in noise(rng, panels, lean)]
        found = [_sure(synthetic(rollout.panel(one))) for one in outcomes]
        yield _covered(f"simulated.synthetic_{teams}", [e.low <= 0 <= e.high for e in found])


def _steps(rng: np.random.Generator, panels: int) -> Iterator[Figure]:
    """Before and after: nobody knows how much a single series leans on its past, so by that."""
    everything = []
    for leaning in LEANING:
        series = noise(rng, panels, leaning, 1)[:, 0]
        found = [_sure(step(one, 11, 4)) for one in series]
        covered = [e.low <= 0 <= e.high for e in found]
        yield _share(f"simulated.before_after.covered_at_{leaning:.1f}", covered)
        everything += covered
    yield _covered("simulated.before_after", everything)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print every figure as it is known."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=200, help="how many companies are drawn")
    parser.add_argument("--panels", type=int, default=500, help="made-up panels a rollout and dependence")
    given = parser.parse_args(arguments)
    for figure in simulated(given.panels):
        show(figure)
    for figure in demo(range(1, given.seeds + 1)):
        show(figure)


if __name__ == "__main__":
    main()
