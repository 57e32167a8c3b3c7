"""The joint posterior of all regions: its coordinates, log density and exact gradient.

A coordinate is standard normal a priori. Each region has one for each of its parameters; each
pooled parameter has one more that all regions share. With pooling share s, a region's parameter in
prior standard deviations is z = sqrt(s) u + sqrt(1 - s) w, u common and w its own: every region
keeps its prior, and what one region's figures say about the parameter moves the others' by the
correlation s. Source: Gelman and others, Bayesian Data Analysis, 3rd edition, chapter 5, with the
variance between regions given, as five regions cannot tell it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace

import numpy as np

from simdyn.arrays import Array
from simdyn.calibrate.likelihoods import Errors
from simdyn.calibrate.operators import Answers, needed_variables
from simdyn.calibrate.priors import Transform
from simdyn.calibrate.problem import Problem
from simdyn.engine.function import ModelFunction
from simdyn.ensemble import flows_of
from simdyn.names import FIRST_YEAR
from simdyn.regions import Prior, Scope
from simdyn.years import yearly_weights


class Posterior:
    """What the figures and the priors of some regions say together.

    Parameters
    ----------
    problems : by key of the region; all of one model and one step

    Attributes
    ----------
    names : of the coordinates: parameter and region, "" where all regions share it
    maps : by region, the matrix (parameter, coordinate) from coordinates to the region's z
    """

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        self.problems = dict(problems)
        self.names = _coordinates(self.problems)
        self.maps = {key: _map(key, p, self.names) for key, p in self.problems.items()}
        self._sides: dict[str, _Side] = {}
        if fitted := [p for p in self.problems.values() if p.region.observations]:
            self._prepare(fitted)

    @property
    def n_coordinate(self) -> int:
        """How many coordinates there are."""
        return len(self.names)

    def reporting(self, reported: Mapping[str, Array]) -> Posterior:
        """Return the posterior of other reported figures, by region (figure,).

        It shares the compiled model.
        """
        other = copy(self)
        other.problems = {
            key: replace(problem, reported=reported.get(key, problem.reported))
            for key, problem in self.problems.items()
        }
        other._sides = {  # noqa: SLF001  (a copy of its own)
            key: side.reporting(other.problems[key]) for key, side in self._sides.items()
        }
        return other

    def regions(self, points: Array) -> dict[str, Array]:
        """Return z (parameter, ...) of each region at points (coordinate, ...)."""
        return {key: matrix @ points for key, matrix in self.maps.items()}

    def residuals(self, point: Array) -> tuple[Array, Array]:
        """Return residuals of all figures and their derivatives at a point (coordinate,).

        Returns
        -------
        residuals : (figure,), regions in order; half the sum of their squares is the negative log
            likelihood up to a constant
        jacobian : d(residual)/d(coordinate), (figure, coordinate)
        """
        parts = self.by_region(point)
        if not parts:
            return np.empty(0), np.empty((0, self.n_coordinate))
        rows = [jacobian @ self.maps[key] for key, (_, jacobian) in parts.items()]
        return np.concatenate([found for found, _ in parts.values()]), np.vstack(rows)

    def by_region(self, point: Array) -> dict[str, tuple[Array, Array]]:
        """Return residuals (figure,) and d(residual)/dz (figure, parameter) of fitted regions."""
        if not self._sides:
            return {}
        found = [side.transform(self.maps[key] @ point) for key, side in self._sides.items()]
        points = np.column_stack(
            [side.constants(p) for side, (p, _) in zip(self._sides.values(), found, strict=True)]
        )
        values, by = self._function.tangents(points)
        with np.errstate(all="ignore"):
            return {
                key: side.compare(*found[n], values[..., n], by[:, :, n])
                for n, (key, side) in enumerate(self._sides.items())
            }

    def log_density(self, point: Array) -> tuple[float, Array]:
        """Return the log density at a point (coordinate,), up to a constant, and its gradient.

        Both are nan where a run leaves the finite numbers.
        """
        residuals, jacobian = self.residuals(point)
        value = -0.5 * (residuals @ residuals + point @ point)
        return float(value), -(residuals @ jacobian + point)

    def _prepare(self, problems: Sequence[Problem]) -> None:
        """Compile the model as a function of all that a region sets."""
        model, step = problems[0].model, problems[0].time_step
        used = [p.parameter for q in problems for p in q.region.priors if _in_model(p)]
        names = list(dict.fromkeys([*used, *(name for p in problems for name in p.fixed)]))
        default = model.run(variables=names)[names].iloc[0].to_numpy()
        observations = [o for p in problems for o in p.region.observations]
        variables = sorted(set().union(*(needed_variables(o) for o in observations)))
        flows = flows_of(model, variables)
        last = max(o.end for o in observations)
        controls = {"FINAL TIME": last + 1.0, **({} if step is None else {"TIME STEP": step})}
        self._function: ModelFunction = model.function(
            names,
            variables,
            lambda times: yearly_weights(times, [name in flows for name in variables]),
            controls,
        )
        n_year = last - FIRST_YEAR + 1
        self._sides = {p.region.key: _Side(p, names, default, variables, n_year) for p in problems}


class _Side:
    """One region's side of the posterior: its constants in the model, its figures against a run.

    Parameters
    ----------
    names, default : the constants that some region sets, and the model's own values of them
    variables, n_year : the axes of yearly values
    """

    def __init__(
        self,
        problem: Problem,
        names: Sequence[str],
        default: Array,
        variables: Sequence[str],
        n_year: int,
    ) -> None:
        priors = problem.region.priors
        fixed = [problem.fixed.get(name, own) for name, own in zip(names, default, strict=True)]
        self._default = np.array(fixed)
        # Where the free constants stand among the parameters, and among the model's constants.
        self._free = [n for n, prior in enumerate(priors) if _in_model(prior)]
        self._places = [names.index(priors[n].parameter) for n in self._free]
        self.transform = Transform(priors)
        parameters = [prior.parameter for prior in priors]
        self._answers = Answers(problem.region.observations, variables, n_year, parameters)
        self._errors = Errors(problem.region.observations, problem.reported)

    def reporting(self, problem: Problem) -> _Side:
        """Return the side of the same region with the figures of `problem`."""
        other = copy(self)
        other._errors = Errors(  # noqa: SLF001  (a copy of its own)
            problem.region.observations, problem.reported
        )
        return other

    def constants(self, parameters: Array) -> Array:
        """Return the model's constants (constant,)."""
        constants = self._default.copy()
        constants[self._places] = parameters[self._free]
        return constants

    def compare(
        self, parameters: Array, slopes: Array, values: Array, by: Array
    ) -> tuple[Array, Array]:
        """Return residuals (figure,) and their derivatives by z, (figure, parameter).

        Parameters
        ----------
        parameters, slopes : the parameters and their derivatives by z, (parameter,)
        values, by : of the variables by year, (variable, year), and these by the model's constants,
            (variable, year, constant)
        """
        by_z = np.zeros((*values.shape, len(parameters)))
        by_z[..., self._free] = by[..., self._places] * slopes[self._free]
        modelled, modelled_by = self._answers(values, by_z, parameters, slopes)
        residuals, steep = self._errors(modelled)
        return residuals, steep[:, None] * modelled_by


def _in_model(prior: Prior) -> bool:
    return prior.applies_to is Scope.MODEL


def _coordinates(problems: Mapping[str, Problem]) -> tuple[tuple[str, str], ...]:
    """Return (parameter, region) of each coordinate; pooled ones come first, their region is ""."""
    regions = {key: problem.region.priors for key, problem in problems.items()}
    # A parameter that one region alone has is that region's, pooled or not.
    holders = [p.parameter for priors in regions.values() for p in priors if p.pooling > 0]
    common = [name for name in dict.fromkeys(holders) if holders.count(name) > 1]
    own = [(p.parameter, key) for key, priors in regions.items() for p in priors]
    return (*((name, "") for name in common), *own)


def _map(key: str, problem: Problem, names: Sequence[tuple[str, str]]) -> Array:
    """Return the matrix (parameter, coordinate) from coordinates to the z of a region."""
    places = {name: n for n, name in enumerate(names)}
    matrix = np.zeros((problem.n_parameter, len(names)))
    for row, prior in enumerate(problem.region.priors):
        common = places.get((prior.parameter, "")) if prior.pooling > 0 else None
        if common is not None:
            matrix[row, common] = np.sqrt(prior.pooling)
        matrix[row, places[prior.parameter, key]] = (
            1.0 if common is None else np.sqrt(1 - prior.pooling)
        )
    return matrix
