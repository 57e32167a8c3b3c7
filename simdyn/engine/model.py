"""A model that was read from a file: its variables, one run, and an ensemble of runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike

from simdyn.compile.lower import lower
from simdyn.compile.nodes import Program, Variable
from simdyn.compile.order import check
from simdyn.compile.read import read
from simdyn.engine.backends import BackendName, Backends
from simdyn.engine.clock import Save, clock_of
from simdyn.engine.methods import MethodName
from simdyn.engine.runs import BLOCK, find, simulate
from simdyn.errors import ModelError
from simdyn.names import MEMBER, TIME

STATUS = "status"
BAD_VARIABLE = "bad_variable"
BAD_TIME = "bad_time"


def load(path: Path | str, backend: BackendName = "auto") -> Model:
    """Read and check a model file: Vensim ``.mdl``, or XMILE ``.xmile`` or ``.stmx``.

    Parameters
    ----------
    backend : ``llvm`` compiles the model to machine code, ``numpy`` runs it as array operations;
        ``auto`` compiles where it can

    Raises
    ------
    ModelError
        The file cannot be read, or an equation is wrong or not supported.
    """
    program = lower(read(path))
    check(program)
    clock_of(program, {})
    return Model(program, backend)


@lru_cache(maxsize=64)
def _labels(names: tuple[str, ...]) -> pd.Index:
    return pd.Index(names)


class Model:
    """A checked model. Runs leave no trace in it: what one run sets, the next does not see."""

    def __init__(self, program: Program, backend: BackendName = "auto") -> None:
        self._program = program
        self._backends = Backends(program, backend)

    def __repr__(self) -> str:
        return f"<Model {self.path}: {len(self._program.variables)} variables>"

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

    @property
    def variables(self) -> pd.DataFrame:
        """The variables in the file's order, by author's name: kind, unit, documentation, line."""
        listed = self._program.variables.values()
        columns = {
            "kind": [variable.kind for variable in listed],
            "unit": [variable.unit for variable in listed],
            "documentation": [variable.documentation for variable in listed],
            "line": pd.array([variable.line for variable in listed], dtype="Int64"),
        }
        names = pd.Index([variable.name for variable in listed], name="variable")
        return pd.DataFrame(columns, index=names)

    def run(
        self,
        params: Mapping[str, float] | None = None,
        variables: Iterable[str] | None = None,
        *,
        save: Literal["saveper", "step"] = "saveper",
        method: MethodName = "euler",
    ) -> pd.DataFrame:
        """Run the model once.

        Parameters
        ----------
        params : numbers that replace the equations of constants, auxiliaries or controls. Names
            match whatever their case, blanks and underscores.
        variables : names to return; all if None
        save : keep results every SAVEPER or every step
        method : of integration

        Returns
        -------
        DataFrame
            Indexed by time, a column a variable. If a value is not finite, ``attrs`` names the
            first bad variable and its time under ``bad_variable`` and ``bad_time``.

        Raises
        ------
        ModelError
            An unknown name, a value that is no number, or a time axis that does not fit.
        """
        names = self._names() if variables is None else variables
        runs = simulate(
            self._backends, params or {}, self._find(names), save, threads=1, method=method
        )
        if len(runs.status) > 1:
            raise ModelError("a run takes one number a parameter. Use ensemble.", path=self.path)
        values = np.column_stack([array[:, 0] for array in runs.values.values()])
        columns = _labels(tuple(runs.values)).view()
        table = pd.DataFrame(values, index=pd.Index(runs.time, name=TIME), columns=columns)
        if runs.status[0]:
            table.attrs[BAD_VARIABLE] = str(runs.bad_variable[0])
            table.attrs[BAD_TIME] = float(runs.bad_time[0])
        return table

    def ensemble(
        self,
        params: Mapping[str, ArrayLike] | pd.DataFrame,
        variables: Iterable[str],
        *,
        save: Save = "saveper",
        block: int = BLOCK,
        threads: int | None = None,
        method: MethodName = "euler",
    ) -> xr.Dataset:
        """Run the model once for each member.

        A member's results are the same bits whatever the other members, their order, the block
        and the threads.

        Parameters
        ----------
        params : values by name, one number for all members or (member,); the index of a DataFrame
            labels the members. TIME STEP and the other controls take one number.
        variables : names to return
        save : keep results every SAVEPER, every step, or at these times
        block : members that are run together
        threads : blocks that run at the same time, by default one a processor; NumPy uses one
        method : of integration

        Returns
        -------
        Dataset
            A variable (member, time) for each name, and (member,): ``status``, 0 if all values
            are finite, else 1 + the row in ``Model.variables`` of the first bad variable;
            ``bad_variable``, its name or ""; ``bad_time``, when, or nan.

        Raises
        ------
        ModelError
            An unknown name, values that do not fit the members, or a time axis that does not fit.
        """
        wanted = self._find(variables)
        values = {str(name): value for name, value in params.items()}
        runs = simulate(self._backends, values, wanted, save, block, threads, method)
        units = {variable.name: variable.unit for variable in wanted}
        fields = {
            name: ((MEMBER, TIME), array.T, {"units": units[name]})
            for name, array in runs.values.items()
        }
        status = {
            STATUS: (MEMBER, runs.status),
            BAD_VARIABLE: (MEMBER, runs.bad_variable),
            BAD_TIME: (MEMBER, runs.bad_time),
        }
        labels = params.index if isinstance(params, pd.DataFrame) else range(len(runs.status))
        coords = {MEMBER: pd.Index(labels, name=MEMBER), TIME: runs.time}
        return xr.Dataset({**fields, **status}, coords=coords)

    def stream(
        self,
        params: Mapping[str, ArrayLike] | pd.DataFrame,
        variables: Iterable[str],
        *,
        size: int = 100_000,
        **options: Any,
    ) -> Iterator[xr.Dataset]:
        """Run an ensemble part by part, for results that are too many to keep.

        Parameters
        ----------
        params, variables, options : as of ``ensemble``
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
        wanted = list(variables)
        arrays = {str(name): np.asarray(value) for name, value in params.items()}
        n_member = max((array.size for array in arrays.values() if array.ndim), default=1)
        labels = params.index if isinstance(params, pd.DataFrame) else pd.RangeIndex(n_member)
        for start in range(0, n_member, size):
            members = slice(start, start + size)
            part = {name: a[members] if a.ndim else a for name, a in arrays.items()}
            result = self.ensemble(part, wanted, **options)
            yield result.assign_coords({MEMBER: labels[members]})

    def _names(self) -> list[str]:
        """Return the names of all variables that have a value over time."""
        return [v.name for v in self._program.variables.values() if v.kind != "lookup"]

    def _find(self, names: Iterable[str]) -> list[Variable]:
        """Return the wanted variables, each once."""
        wanted = {variable.key: variable for variable in (find(self._program, n) for n in names)}
        for variable in wanted.values():
            if variable.kind == "lookup":
                msg = f"'{variable.name}' is a lookup, which has no value over time."
                raise ModelError(msg, path=self.path)
            if variable.name in {STATUS, BAD_VARIABLE, BAD_TIME, MEMBER, TIME}:
                msg = f"'{variable.name}' is a name that results keep for themselves. Rename it."
                raise ModelError(msg, path=self.path)
        if not wanted:
            raise ModelError("no variables asked for. Name at least one.", path=self.path)
        return list(wanted.values())
