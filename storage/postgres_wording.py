"""Brief statements in PostgreSQL's words: SQLAlchemy words each once, and says what becomes of its values and columns.

Asked through SQLAlchemy, a statement's values are bound anew, its execution described and its result made each time, at
two to three times what the driver takes for it (docs/decisions/0019).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Dialect, Executable
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

# What becomes of a value on its way, in or out; None: it goes as it is.
Process = Callable[[Any], Any] | None
# Where a value comes from: a parameter, and a place in it where it is a list; or what it always is.
_Source = tuple[str | None, int | None, Any, Process]


class Rows(IteratorResult[Any]):
    """What one statement gave: its rows, and the driver's word of how many it gave or changed ("UPDATE 1")."""

    def __init__(self, metadata: SimpleResultMetaData, rows: Iterable[Any], status: str | None) -> None:
        super().__init__(metadata, iter(rows))
        self._status = status

    @property
    def rowcount(self) -> int:
        """How many rows it gave or changed; -1 where nobody counted."""
        return -1 if self._status is None else int(self._status.rpartition(" ")[2])


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Wording:
    """One statement, its lists of certain lengths."""

    sql: str
    sources: tuple[_Source, ...]
    columns: tuple[TypeEngine[Any], ...]

    def values(self, parameters: Mapping[str, Any]) -> list[Any]:
        """Its values, in its order."""
        values = []
        for name, place, always, process in self.sources:
            value = always if name is None else parameters[name] if place is None else parameters[name][place]
            values.append(value if process is None or name is None else process(value))
        return values

    def readers(self, dialect: Dialect, kinds: Sequence[int]) -> tuple[Process, ...]:
        """What becomes of each column of its rows, `kinds` being PostgreSQL's numbers of their types."""
        return tuple(
            column.dialect_impl(dialect).result_processor(dialect, kind)
            for column, kind in zip(self.columns, kinds, strict=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compiled:
    """A statement with certain parameters; those in `lists` are written out, one value each."""

    compiled: SQLCompiler
    columns: tuple[TypeEngine[Any], ...]
    lists: tuple[str, ...]
    wordings: dict[tuple[int, ...], Wording]


class Wordings:
    """The wordings of all statements, each made when it is first asked."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._compiled: dict[tuple[Any, ...], _Compiled] = {}

    def of(self, statement: Executable, parameters: Mapping[str, Any]) -> Wording:
        """How PostgreSQL is asked this statement with these parameters; the statement has to be one that stays."""
        known = self._compiled.get((statement, *parameters)) or self._compile(statement, parameters)
        lengths = tuple([len(parameters[name]) for name in known.lists])
        return known.wordings.get(lengths) or self._word(known, lengths, parameters)

    def _compile(self, statement: Executable, parameters: Mapping[str, Any]) -> _Compiled:
        # As if for many: what was not asked for (an inserted row's number) is not given back.
        compiled = cast(
            "SQLCompiler",
            statement.compile(  # type: ignore[attr-defined]  # every Executable is a ClauseElement too
                dialect=self.dialect, column_keys=list(parameters), for_executemany=True
            ),
        )
        if compiled.insert_prefetch or compiled.update_prefetch or compiled.literal_execute_params:
            raise NotImplementedError("a brief statement takes all its values as parameters")
        columns = statement.exported_columns  # type: ignore[attr-defined]  # of what gives rows, and of what does not
        lists = {compiled.bind_names[one] for one in compiled.post_compile_params}
        known = self._compiled[statement, *parameters] = _Compiled(
            compiled=compiled,
            columns=tuple(one.type for one in columns),
            lists=tuple(lists & parameters.keys()),
            wordings={},
        )
        return known

    def _written(self, kind: TypeEngine[Any]) -> Process:
        return kind.dialect_impl(self.dialect).bind_processor(self.dialect)

    def _word(self, known: _Compiled, lengths: tuple[int, ...], parameters: Mapping[str, Any]) -> Wording:
        words = known.compiled.construct_expanded_state(dict(parameters))
        lists = words.parameter_expansion
        places = {one: (name, place) for name, ones in lists.items() for place, one in enumerate(ones)}
        sources: list[_Source] = []
        for one in words.positiontup or ():
            name, place = places.get(one, (one, None))
            process = self._written(known.compiled.binds[name].type)
            if name in parameters:
                sources.append((name, place, None, process))
            else:
                always = words.parameters[one]
                sources.append((None, None, always if process is None else process(always), None))
        wording = known.wordings[lengths] = Wording(sql=words.statement, sources=tuple(sources), columns=known.columns)
        return wording
