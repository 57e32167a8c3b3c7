"""A model that was read from a file: its variables, one run, and an ensemble of runs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from simdyn.arrays import Array
from simdyn.compile.lower import lower
from simdyn.compile.nodes import Program
from simdyn.compile.order import check
from simdyn.compile.read import read
from simdyn.engine.backends import BackendName, Backends, keep
from simdyn.engine.clock import Save, clock_of
from simdyn.engine.data_files import data_of
from simdyn.engine.derivatives import Tangents, tangents_of
from simdyn.engine.function import ModelFunction
from simdyn.engine.methods import MethodName
from simdyn.engine.runs import BLOCK, Runs, simulate
from simdyn.engine.selection import Scalars, Selection, Wanted, rows_of, select
from simdyn.errors import ModelError
from simdyn.names import MEMBER, PARAMETER, TIME

STATUS = "status"
BAD_VARIABLE = "bad_variable"
BAD_TIME = "bad_time"

_MOST_SHAPES = 8
"""Programs of other shapes that a model keeps."""


def load(path: Path | str, backend: BackendName = "auto") -> Model:
    """Read and check a model file: Vensim ``.mdl``, or XMILE ``.xmile`` or ``.stmx``.

    Parameters
    ----------
    backend : ``llvm`` compiles the model to machine code, ``numpy`` runs it as array operations;
        ``auto`` compiles where it can. What runs few steps is compiled quickly, what runs many for
        speed; the bits are the same.

    Raises
    ------
    ModelError
        The file cannot be read, or an equation is wrong or not supported.
    """
    parsed = read(path)
    program = lower(parsed)
    check(program)
    clock_of(program, {})
    return Model(program, lambda given: lower(parsed, given), backend)


class Model:
    """A checked model. Runs leave no trace in it: what one run sets, the next does not see.

    Parameters
    ----------
    shaped : gives the program in which constants that shape it, by key, have other values
    """

    def __init__(
        self,
        program: Program,
        shaped: Callable[[Mapping[str, float]], Program] | None = None,
        backend: BackendName = "auto",
    ) -> None:
        self._program = program
        self._shaped = shaped
        self._choice = backend
        self._backends = Backends(program, backend)
        self._chosen: dict[tuple[str, ...], Wanted] = {}
        self._derived: dict[object, Tangents] = {}
        self._reshaped: dict[frozenset[tuple[str, float]], Backends] = {}

    def __repr__(self) -> str:
        return f"<Model {self.path}: {len(rows_of(self._program))} variables>"

    @property
    def path(self) -> Path:
        """The file the model was read from."""
        return self._program.path

    @property
    def backend(self) -> str:
        """What runs the model: ``llvm``, or ``numpy`` where that lacks something it uses."""
        return self._backends.name

    @property
    def time_step(self) -> float:
        """The model's own TIME STEP."""
        return clock_of(self._program, {}).time_step

    @cached_property
    def units(self) -> Mapping[str, str]:
        """Unit of each scalar variable, by author's name."""
        rows = rows_of(self._program).items()
        return {v.name: v.unit for key, v in rows if key not in self._program.arrays}

    @property
    def variables(self) -> pd.DataFrame:
        """The variables in the file's order, by author's name.

        Kind, unit, subscripts (ranges separated by commas), documentation and line.
        """
        rows = rows_of(self._program)
        arrays = self._program.arrays
        columns = {
            "kind": [variable.kind for variable in rows.values()],
            "unit": [variable.unit for variable in rows.values()],
            "subscripts": [
                ", ".join(arrays[key].dimensions) if key in arrays else "" for key in rows
            ],
            "documentation": [variable.documentation for variable in rows.values()],
            "line": pd.array([variable.line for variable in rows.values()], dtype="Int64"),
        }
        shown = [arrays[key].name if key in arrays else rows[key].name for key in rows]
        return pd.DataFrame(columns, index=pd.Index(shown, name="variable"))

    def run(
        self,
        params: Mapping[str, float | pd.Series] | None = None,
        variables: Iterable[str] | None = None,
        *,
        save: Literal["saveper", "step"] = "saveper",
        method: MethodName | None = "euler",
        data_files: Iterable[Path | str] | None = None,
        seed: int = 0,
    ) -> pd.DataFrame:
        """Run the model once.

        Parameters
        ----------
        params : numbers that replace the equations of constants, auxiliaries or controls, and the
            starting values of stocks; or a Series over time, linear between its points and held
            beyond them. A name of a subscripted variable means all its elements, ``name[element]``
            one. Names match whatever their case, blanks and underscores.
        variables : names to return, of variables or elements; all if None
        save : keep results every SAVEPER or every step
        method : of integration; None for the one that the file asks for
        data_files : .csv or .tab tables of the variables that are data
        seed : of random functions

        Returns
        -------
        DataFrame
            Indexed by time, a column a variable or element. If a value is not finite, ``attrs``
            names the first bad variable and its time under ``bad_variable`` and ``bad_time``.

        Raises
        ------
        ModelError
            An unknown name, a value that is no number, or a time axis that does not fit.
        """
        values = params or {}
        wanted = self._whole if variables is None else self._select(variables)
        backends = self._backends_for(values)
        runs = simulate(
            backends,
            values,
            wanted.scalars,
            save,
            threads=1,
            method=method,
            data=data_of(backends.program, data_files or ()),
            seed=seed,
        )
        if len(runs.status) > 1:
            raise ModelError("a run takes one number a parameter. Use ensemble.", path=self.path)
        numbers = runs.table[:, :, 0].T
        index, columns = runs.axis.index.view(), _labels(runs.names).view()
        table = pd.DataFrame(numbers, index=index, columns=columns, copy=True)
        if runs.status[0]:
            table.attrs[BAD_VARIABLE] = str(runs.bad_variable[0])
            table.attrs[BAD_TIME] = float(runs.bad_time[0])
        return table

    def ensemble(
        self,
        params: Mapping[str, ArrayLike | pd.Series | pd.DataFrame] | pd.DataFrame,
        variables: Iterable[str],
        *,
        save: Save = "saveper",
        block: int = BLOCK,
        threads: int | None = None,
        method: MethodName | None = "euler",
        data_files: Iterable[Path | str] | None = None,
        seed: int = 0,
        derivatives: Iterable[str] = (),
    ) -> xr.Dataset:
        """Run the model once for each member.

        A member's results are the same bits whatever the other members, their order, the block
        and the threads.

        Parameters
        ----------
        params : values by name as in ``run``, one number for all members or (member,), a Series
            over time for all members, or a DataFrame over time with a column for each member, in
            their order. If params itself is a DataFrame, its index labels the members, and its
            columns are (member,). TIME STEP and the other controls take one number.
        variables : names to return, of variables or elements
        save : keep results every SAVEPER, every step, or at these times
        block : members that are run together
        threads : blocks that run at the same time, by default one a processor; NumPy uses one
        method, data_files, seed : as in ``run``; random numbers depend on the label of the member
        derivatives : parameters by which the exact derivatives of the variables are wanted, by
            differentiation of the equations in forward mode

        Returns
        -------
        Dataset
            A variable (member, time) for each name, with the dimensions of its subscripts behind
            these; its derivatives ``d(name)`` (member, time, parameter), if wanted; and (member,):
            ``status``, 0 if all values are finite, else 1 + the row in ``Model.variables`` of the
            first bad variable; ``bad_variable``, its name or ""; ``bad_time``, when, or nan.

        Raises
        ------
        ModelError
            An unknown name, values that do not fit the members, or a time axis that does not fit.
        """
        index = params.index if isinstance(params, pd.DataFrame) else None
        options = {"save": save, "block": block, "threads": threads, "method": method, "seed": seed}
        by = tuple(derivatives)
        return self._ensemble(_by_name(params), index, variables, data_files, options, by)

    def _ensemble(
        self,
        params: Mapping[str, Any],
        index: pd.Index | None,
        variables: Iterable[str],
        data_files: Iterable[Path | str] | None,
        options: Mapping[str, Any],
        derivatives: tuple[str, ...] = (),
    ) -> xr.Dataset:
        """Run members of these labels; 0, 1, ... if None."""
        wanted = self._select(variables)
        backends = self._backends_for(params)
        simulate_here: Any = partial(
            simulate,
            data=data_of(backends.program, data_files or ()),
            labels=None if index is None else _numbered(index),
            **options,
        )
        runs = simulate_here(backends, params, wanted.scalars)
        status = {
            STATUS: (MEMBER, runs.status),
            BAD_VARIABLE: (MEMBER, runs.bad_variable),
            BAD_TIME: (MEMBER, runs.bad_time),
        }
        members = range(len(runs.status)) if index is None else index
        coords: dict[str, Any] = {MEMBER: pd.Index(members, name=MEMBER), TIME: runs.time}
        for selection in wanted.selections:
            if selection.array is not None:
                axes = zip(selection.array.dimensions, selection.array.elements, strict=True)
                coords |= {dimension: list(elements) for dimension, elements in axes}
        fields = {selection.name: self._field(selection, runs) for selection in wanted.selections}
        if derivatives:
            tangents = self._tangents(backends, derivatives, params)
            found = tangents.run(params, wanted.scalars.keys, simulate_here)
            fields |= {f"d({s.name})": _derivative_field(s, found) for s in wanted.selections}
            coords[PARAMETER] = list(tangents.names)
        return xr.Dataset({**fields, **status}, coords=coords)

    def _tangents(
        self, backends: Backends, derivatives: tuple[str, ...], params: Mapping[str, Any]
    ) -> Tangents:
        """Return the tangents that a run needs, from the last few that were compiled."""
        program = backends.program
        given = frozenset(key for name in params for key in select(program, name).scalars)
        known = (id(backends), derivatives, given)
        if known in self._derived:
            return self._derived[known]
        tangents = tangents_of(program, derivatives, given, self._choice)
        return keep(self._derived, known, tangents, _MOST_SHAPES)

    def table(
        self,
        params: Mapping[str, ArrayLike | pd.Series | pd.DataFrame],
        variables: Iterable[str],
        *,
        save: Save = "saveper",
        threads: int | None = None,
    ) -> Runs:
        """Run the model once for each member, for those who run many small ensembles.

        Parameters
        ----------
        params, variables, save, threads : as of ``ensemble``; the variables are scalars

        Returns
        -------
        Runs
            What ``ensemble`` puts into a Dataset, as plain arrays; its values are (time, member).

        Raises
        ------
        ModelError
            As ``ensemble`` does.
        """
        wanted = self._select(variables).scalars
        return simulate(
            self._backends_for(params), params, wanted, save, threads=threads, method="euler"
        )

    def stream(
        self,
        params: Mapping[str, ArrayLike | pd.Series | pd.DataFrame] | pd.DataFrame,
        variables: Iterable[str],
        *,
        size: int = 100_000,
        data_files: Iterable[Path | str] | None = None,
        **options: Any,
    ) -> Iterator[xr.Dataset]:
        """Run an ensemble part by part, for results that are too many to keep.

        Parameters
        ----------
        params, variables, data_files, options : as of ``ensemble``
        size : members in a part

        Yields
        ------
        Dataset
            What ``ensemble`` returns, of the next members.

        Raises
        ------
        ModelError
            As ``ensemble`` does.
        """
        if size < 1:
            raise ModelError(f"size={size}: a part needs at least one member.", path=self.path)
        wanted, files = list(variables), list(data_files or ())
        values = _by_name(params)
        spread = {name: v for name, v in values.items() if not _is_single(v)}
        n_member = max((np.shape(value)[-1] for value in spread.values()), default=1)
        index = params.index if isinstance(params, pd.DataFrame) else pd.RangeIndex(n_member)
        for start in range(0, n_member, size):
            members = slice(start, start + size)
            part = values | {name: _some(value, members) for name, value in spread.items()}
            yield self._ensemble(part, index[members], wanted, files, options)

    def function(
        self,
        parameters: Sequence[str],
        variables: Sequence[str],
        summary: Callable[[Array], Array],
        fixed: Mapping[str, float] | None = None,
        method: MethodName = "euler",
    ) -> ModelFunction:
        """Return the model as a function of some scalars, with derivatives, to be called often.

        Parameters
        ----------
        parameters, variables, summary, fixed, method : as of ``ModelFunction``

        Raises
        ------
        ModelError
            As ``ModelFunction`` does.
        """
        return ModelFunction(
            self._program, parameters, variables, fixed or {}, summary, method, self._choice
        )

    def _backends_for(self, params: Mapping[str, Any]) -> Backends:
        """Return what runs the program that a run needs: another where it sets what shapes it."""
        program = self._program
        if not program.fixed or self._shaped is None:
            return self._backends
        shaping = {
            key: self._shape(key, value)
            for name, value in params.items()
            for key in select(program, name).scalars
            if key in program.fixed
        }
        if not shaping:
            return self._backends
        known = frozenset(shaping.items())
        if known in self._reshaped:
            return self._reshaped[known]
        shaped = self._shaped(shaping)
        check(shaped)
        return keep(self._reshaped, known, Backends(shaped, self._choice), _MOST_SHAPES)

    def _shape(self, key: str, value: Any) -> float:
        """Return a parameter that shapes the program, which must be one number for all."""
        found = np.unique(np.asarray(value, dtype=float))
        if isinstance(value, pd.Series | pd.DataFrame) or found.size != 1:
            name = self._program.variables[key].name
            msg = f"'{name}' shapes the model, as the order of a delay does, and takes one number."
            raise ModelError(msg, path=self.path)
        return float(found[0])

    def _field(self, selection: Selection, runs: Runs) -> tuple[Any, ...]:
        """Return dimensions, values and unit of one variable of a Dataset."""
        first = self._program.variables[selection.scalars[0]]
        attributes = {"units": first.unit}
        if selection.array is None:
            return (MEMBER, TIME), runs.values[selection.name].T, attributes
        none = np.full((len(runs.time), len(runs.status)), np.nan)
        names = [self._program.variables[key].name if key else "" for key in selection.keys]
        table = np.array([runs.values[name] if name else none for name in names]).T
        lengths = [len(elements) for elements in selection.array.elements]
        dimensions = (MEMBER, TIME, *selection.array.dimensions)
        return dimensions, table.reshape(*table.shape[:2], *lengths), attributes

    @cached_property
    def _whole(self) -> Wanted:
        """All variables that have a value over time."""
        return self._select(self._names())

    def _names(self) -> list[str]:
        """Return the names of all variables that have a value over time."""
        rows = rows_of(self._program)
        return [
            self._program.arrays[key].name if key in self._program.arrays else variable.name
            for key, variable in rows.items()
            if variable.kind != "lookup"
        ]

    def _select(self, names: Iterable[str]) -> Wanted:
        """Return what the wanted names mean, each once; found once for the same names."""
        asked = tuple(names)
        if asked in self._chosen:
            return self._chosen[asked]
        found = {selection.name: selection for selection in map(self._backends.select, asked)}
        for name, selection in found.items():
            if any(self._program.variables[key].kind == "lookup" for key in selection.scalars):
                msg = f"'{name}' is a lookup, which has no value over time."
                raise ModelError(msg, path=self.path)
            if name in {STATUS, BAD_VARIABLE, BAD_TIME, MEMBER, TIME, PARAMETER}:
                msg = f"'{name}' is a name that results keep for themselves. Rename it."
                raise ModelError(msg, path=self.path)
        if not found:
            raise ModelError("no variables asked for. Name at least one.", path=self.path)
        selections = tuple(found.values())
        keys = (key for selection in selections for key in selection.scalars)
        wanted = Wanted(selections, Scalars.of(self._program, keys))
        return keep(self._chosen, asked, wanted, _MOST_SHAPES)


def _derivative_field(selection: Selection, found: Mapping[str, Array]) -> tuple[Any, ...]:
    """Return dimensions and values (member, time, parameter, subscripts) of derivatives."""
    none = np.full_like(next(iter(found.values())), np.nan)
    columns = [found[key] if key else none for key in selection.keys]
    if selection.array is None:
        return (MEMBER, TIME, PARAMETER), columns[0].swapaxes(0, 1)
    table = np.stack(columns, axis=-1).swapaxes(0, 1)
    lengths = [len(elements) for elements in selection.array.elements]
    dimensions = (MEMBER, TIME, PARAMETER, *selection.array.dimensions)
    return dimensions, table.reshape(*table.shape[:3], *lengths)


@lru_cache(maxsize=64)
def _labels(names: tuple[str, ...]) -> pd.Index:
    return pd.Index(names)


def _by_name(
    params: Mapping[str, ArrayLike | pd.Series | pd.DataFrame] | pd.DataFrame,
) -> dict[str, Any]:
    """Return values by name; those of a DataFrame are of the members, not over time."""
    if isinstance(params, pd.DataFrame):
        return {str(name): column.to_numpy() for name, column in params.items()}
    return {str(name): value for name, value in params.items()}


def _is_single(value: Any) -> bool:
    """Return whether a value is the same for all members: one number, or a Series over time."""
    return isinstance(value, pd.Series) or np.ndim(value) == 0


def _some(value: Any, members: slice) -> Any:
    """Return the values of some members."""
    if isinstance(value, pd.DataFrame):
        return value.iloc[:, members]
    return np.asarray(value)[members]


def _numbered(labels: pd.Index) -> NDArray[np.uint64]:
    """Return a number for each label of a member, the same for the same label."""
    if pd.api.types.is_integer_dtype(labels):
        return labels.to_numpy().astype(np.uint64)
    digests = (hashlib.blake2b(str(label).encode(), digest_size=8).digest() for label in labels)
    return np.array([int.from_bytes(digest, "little") for digest in digests], dtype=np.uint64)
