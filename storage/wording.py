"""Brief statements as a driver is asked them: SQLAlchemy words each once, and says what becomes of values and columns.

Asked through SQLAlchemy, a statement's values are bound anew, its execution described and its result made each time, at
two to four times what the driver takes for it (docs/decisions/0005).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Dialect, Executable
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

# Far more than there are in the program: one that is built anew each time is worded anew, and not kept for ever.
STATEMENTS_MAX = 2000
# What becomes of a value on its way, in or out; None: it goes as it is.
Process = Callable[[Any], Any] | None
# Told each statement that a driver is asked, with its values in order.
Listener = Callable[[str, Sequence[Any]], None]
# Where a value comes from: a parameter, and a place in it where it is a list; or what it always is.
_Source = tuple[str | None, int | None, Any, Process]


class Rows(IteratorResult[Any]):
    """What one statement gave: its rows, and how many it gave or changed (-1 where nobody counted)."""

    def __init__(self, metadata: SimpleResultMetaData, rows: Iterable[tuple[Any, ...]], *, rowcount: int) -> None:
        super().__init__(metadata, iter(rows))
        self.rowcount = rowcount


@dataclass(slots=True, eq=False, kw_only=True)
class Wording:
    """One statement, its lists of certain lengths."""

    sql: str
    dialect: Dialect
    sources: tuple[_Source, ...]
    columns: tuple[TypeEngine[Any], ...]
    # What its rows are like, once a driver has said it: their names, and what becomes of each column.
    shape: tuple[SimpleResultMetaData, tuple[Process, ...]] | None = field(default=None, init=False)

    def values(self, parameters: Mapping[str, Any]) -> list[Any]:
        """Its values, in its order."""
        values = []
        for name, place, always, process in self.sources:
            value = always if name is None else parameters[name] if place is None else parameters[name][place]
            values.append(value if process is None or name is None else process(value))
        return values

    def learn(self, names: Sequence[str], kinds: Sequence[Any]) -> None:
        """A driver has said what its columns are called, and of what kind they are in its own numbers."""
        readers = tuple(
            column.dialect_impl(self.dialect).result_processor(self.dialect, kind)
            for column, kind in zip(self.columns, kinds, strict=True)
        )
        self.shape = SimpleResultMetaData(names), readers

    def rows(self, records: Sequence[Sequence[Any]], *, rowcount: int = -1) -> Rows:
        """What a driver gave, with SQLAlchemy's types."""
        if self.shape is None:
            raise RuntimeError("nobody knows what its rows are like")
        metadata, readers = self.shape
        if not any(readers):
            return Rows(metadata, map(tuple, records), rowcount=rowcount)
        rows = [
            tuple([one if read is None else read(one) for one, read in zip(record, readers, strict=True)])
            for record in records
        ]
        return Rows(metadata, rows, rowcount=rowcount)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compiled:
    """A statement with certain parameters; those in `lists` are written out, one value each."""

    compiled: SQLCompiler
    columns: tuple[TypeEngine[Any], ...]
    lists: tuple[str, ...]
    wordings: dict[tuple[int, ...], Wording]


class Wordings:
    """The wordings of all statements that stay, each made when it is first asked."""

    def __init__(self, dialect: Dialect) -> None:
        self.listener: Listener | None = None
        self._dialect = dialect
        self._compiled: dict[tuple[Any, ...], _Compiled] = {}

    def of(self, statement: Executable, parameters: Any) -> tuple[Wording, list[list[Any]]] | None:
        """How a driver is asked this statement, and with which values; for each of a list of parameters, if it is one.

        None if that is SQLAlchemy's: many rows that each give some back, or none at all.
        """
        every = parameters if isinstance(parameters, list) else [parameters or {}]
        if not every:
            return None
        wording = self._wording(statement, every[0])
        if wording.columns and len(every) > 1:
            return None
        values = [wording.values(one) for one in every]
        if self.listener is not None:
            self.listener(wording.sql, tuple(values[0]))
        return wording, values

    def _wording(self, statement: Executable, parameters: Mapping[str, Any]) -> Wording:
        known = self._compiled.get((statement, *parameters)) or self._compile(statement, parameters)
        lengths = tuple([len(parameters[name]) for name in known.lists])
        return known.wordings.get(lengths) or self._word(known, lengths, parameters)

    def _compile(self, statement: Executable, parameters: Mapping[str, Any]) -> _Compiled:
        # As if for many: what was not asked for (an inserted row's number) is not given back.
        compiled = cast(
            "SQLCompiler",
            statement.compile(  # type: ignore[attr-defined]  # every Executable is a ClauseElement too
                dialect=self._dialect, column_keys=list(parameters), for_executemany=True
            ),
        )
        if compiled.insert_prefetch or compiled.update_prefetch or compiled.literal_execute_params:
            raise ValueError("a brief statement takes all its values as parameters")
        if len(self._compiled) >= STATEMENTS_MAX:
            self._compiled.clear()
        columns = statement.exported_columns  # type: ignore[attr-defined]  # of what gives rows, and of what does not
        lists = {compiled.bind_names[one] for one in compiled.post_compile_params}
        known = self._compiled[statement, *parameters] = _Compiled(
            compiled=compiled,
            columns=tuple(one.type for one in columns),
            lists=tuple(lists & parameters.keys()),
            wordings={},
        )
        return known

    def _word(self, known: _Compiled, lengths: tuple[int, ...], parameters: Mapping[str, Any]) -> Wording:
        words = known.compiled.construct_expanded_state(dict(parameters))
        lists = words.parameter_expansion
        places = {one: (name, place) for name, ones in lists.items() for place, one in enumerate(ones)}
        sources: list[_Source] = []
        for one in words.positiontup or ():
            name, place = places.get(one, (one, None))
            process = known.compiled.binds[name].type.dialect_impl(self._dialect).bind_processor(self._dialect)
            if name in parameters:
                sources.append((name, place, None, process))
            else:
                always = words.parameters[one]
                sources.append((None, None, always if process is None else process(always), None))
        wording = known.wordings[lengths] = Wording(
            sql=words.statement, dialect=self._dialect, sources=tuple(sources), columns=known.columns
        )
        return wording


def refusal(kind: type[DBAPIError], error: Exception, *, words: str) -> DBAPIError:
    """A driver's error in SQLAlchemy's words."""
    return kind(None, None, RuntimeError(f"{type(error).__name__}: {words}"), hide_parameters=True)
