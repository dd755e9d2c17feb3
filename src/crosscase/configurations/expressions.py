"""Set expressions: reading `A*~B + C[2]`, writing them, and membership of cases in them.

A *literal* is a condition with the values it may take, a *term* is a conjunction of literals (fuzzy `min`), an
*expression* is a disjunction of terms (fuzzy `max`). `~A` is the absence of a crisp or fuzzy condition, `A[2]` the
value 2 of a multi-value condition, `A[1,2]` one of both, `~A[1]` every value but 1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crosscase.arguments import Values, check_arguments
from crosscase.errors import CrosscaseError, Problem, raise_if, shown

NEAR = 1e-9
OPERATORS = "~*+[]{}()"
_LITERAL = re.compile(r"^(?P<not>~?)\s*(?P<name>[^\[\]{}~*+()]+?)\s*(?:[\[{](?P<values>[0-9,;\s]+)[\]}])?$")


@dataclass(frozen=True)
class Literal:
    """One condition and what is asked of it."""

    name: str
    values: tuple[int, ...] | None = None  # asked for, of a multi-value condition or in brackets; None for plain `A`
    negated: bool = False  # whether the tilde stands before it

    def __str__(self) -> str:
        values = "" if self.values is None else f"[{','.join(map(str, self.values))}]"
        return f"{'~' if self.negated else ''}{self.name}{values}"

    def membership(self, column: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the membership of each case in this literal, given the column of its condition."""
        if self.values is None:
            member = column
        elif set(self.values) <= {0, 1} and column.max(initial=0.0) <= 1.0:
            member = np.maximum.reduce([column if value == 1 else 1.0 - column for value in self.values])
        else:
            member = np.isin(column, self.values).astype(float)
        return 1.0 - member if self.negated else member


Expression = tuple[tuple[Literal, ...], ...]


def parse_literal(text: str, place: str = "expression") -> Literal:
    """Read one literal such as `A`, `~A`, `A[1]`, `A[1,2]`; anything else is refused, naming its `place`.

    Examples
    --------
    >>> str(parse_literal("~ DEV"))
    '~DEV'
    >>> parse_literal("T[1,2]").values
    (1, 2)
    """
    match = _LITERAL.match(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise CrosscaseError(
            [
                Problem(
                    place, "a literal is a condition, perhaps negated or with values", repr(text), "A, ~A, A[1], A[1,2]"
                )
            ]
        )
    values = match["values"]
    numbers = None if values is None else tuple(int(v) for v in re.split(r"[,;\s]+", values.strip()) if v)
    return Literal(match["name"].strip(), numbers, bool(match["not"]))


def parse_expression(text: str, place: str = "expression") -> Expression:
    """Read a disjunction of conjunctions: terms joined by `+`, literals by `*`; anything else is refused.

    Examples
    --------
    >>> [[str(literal) for literal in term] for term in parse_expression("A*~B + C[2]")]
    [['A', '~B'], ['C[2]']]
    """
    return tuple(tuple(parse_literal(part, place) for part in term.split("*")) for term in text.split("+"))


def term_text(term: Sequence[Literal]) -> str:
    """Write a term; a term without literals is the tautology `1`."""
    return "*".join(map(str, term)) if term else "1"


def check_names(expression: Expression, columns: Sequence[str], place: str) -> None:
    """Raise where an expression names a column that does not exist."""
    known = set(columns)
    unknown = sorted({literal.name for term in expression for literal in term} - known)
    if unknown:
        allowed = ", ".join(map(str, columns))
        raise CrosscaseError(
            [
                Problem(place, "an expression names columns of the frame", repr(n), allowed, "correct the name")
                for n in unknown
            ]
        )


def term_membership(data: Values, term: Sequence[Literal]) -> NDArray[np.float64]:
    """Return the membership of each case in a conjunction: the smallest of its literals.

    Examples
    --------
    >>> frame = pd.DataFrame({"A": [0.8, 0.2], "B": [0.3, 0.9]})
    >>> term_membership(frame, parse_expression("A*~B")[0]).round(2).tolist()
    [0.7, 0.1]
    """
    member = np.ones(len(data))
    for literal in term:
        member = np.minimum(member, literal.membership(data[literal.name].to_numpy(dtype=float)))
    return member


def membership(data: Values, expression: str | Expression) -> pd.Series:
    """Compute the membership of each case in an expression: the largest of its terms.

    Parameters
    ----------
    data : DataFrame
        Case x condition, calibrated, cases in the index.
    expression : str or parsed expression
        Such as `A*~B + C[2]`.

    Returns
    -------
    Series of float, index as `data`, named after the expression

    Raises
    ------
    CrosscaseError
        Where the expression cannot be read or names an unknown column, or where a column that it names holds values
        outside 0 to 1 and no values of it are asked for.

    References
    ----------
    Zadeh, L. A. (1965). Fuzzy sets. Information and Control 8(3), 338-353. doi:10.1016/S0019-9958(65)90241-X

    Examples
    --------
    >>> frame = pd.DataFrame({"A": [0.8, 0.2], "B": [0.3, 0.9]}, index=["north", "south"])
    >>> membership(frame, "A + B").tolist()
    [0.8, 0.9]
    """
    check_arguments(membership, locals())
    parsed = parse_expression(expression) if isinstance(expression, str) else expression
    check_names(parsed, list(data.columns), "expression")
    data = _calibrated(data, parsed)
    if not parsed:
        raise CrosscaseError(Problem("expression", "at least one term", "none", "such as A*B + C"))
    scores = np.maximum.reduce([term_membership(data, term) for term in parsed])
    return pd.Series(scores, index=data.index, name=" + ".join(term_text(term) for term in parsed))


def near_bounds(values: pd.Series) -> pd.Series:
    """Return memberships that rounding has put a little outside 0 to 1 as 0 and 1.

    Examples
    --------
    >>> near_bounds(pd.Series([1 + 2e-16, -1e-17, 0.5, 2.0])).tolist()
    [1.0, 0.0, 0.5, 2.0]
    """
    near = values.between(-NEAR, 1 + NEAR)
    return values.where(~near, values.clip(0, 1))


def _calibrated(data: Values, expression: Expression) -> pd.DataFrame:
    """Return the columns that an expression names as memberships or values, or say what is none."""
    literals = {literal.name: literal for term in expression for literal in term if literal.values is not None}
    literals |= {literal.name: literal for term in expression for literal in term if literal.values is None}
    problems, found = [], {}
    for name, literal in literals.items():
        given = data[name]
        if isinstance(given, pd.DataFrame):
            problems.append(Problem(f"column {name}", "an expression names one column", "two or more of this name"))
            continue
        numbers = near_bounds(pd.to_numeric(given, errors="coerce").astype(float))
        wrong = given.notna() & ~numbers.between(0, 1)
        if literal.values is not None:
            wrong &= ~(numbers.ge(0) & numbers.mod(1).eq(0))
        if wrong.any():
            shown = ", ".join(f"{value} ({case})" for case, value in given[wrong].head(5).items())
            allowed = "0 to 1" if literal.values is None else "0 to 1, or whole numbers 0, 1, 2, ..."
            remedy = "calibrate it, or ask for a value such as A[2] where these are values"
            problems.append(Problem(f"column {name}", "memberships are numbers", shown, allowed, remedy))
        found[name] = numbers
    raise_if(problems)
    return pd.DataFrame(found, index=data.index)


def expectations(
    spec: str | Mapping[str, object] | Sequence[object] | None, conditions: Sequence[str], levels: Sequence[int]
) -> dict[int, frozenset[int]]:
    """Read directional expectations: position of a condition -> values that are expected to contribute to the outcome.

    Either by name (`"A, ~B, C[1,2]"`, `{"A": 1, "B": 0, "C": [1, 2]}`) or one entry per condition in their order
    (`"1, 0, -, 1;2"`); `-`, None or leaving a condition out means that nothing is expected of it. Names, values and
    numbers of entries that do not fit are refused; `levels` holds the number of values of each condition.

    Examples
    --------
    >>> expectations("A, ~B", ["A", "B", "C"], [2, 2, 2])
    {0: frozenset({1}), 1: frozenset({0})}
    >>> expectations("1;2, -, 0", ["A", "B", "C"], [3, 2, 2])
    {0: frozenset({1, 2}), 2: frozenset({0})}
    """
    if spec is None:
        return {}
    named = _named_expectations(spec, conditions)
    problems, found = [], {}
    for name, literal in named.items():
        if name not in conditions:
            problems.append(Problem("dir_exp", "an expectation names a condition", repr(name), ", ".join(conditions)))
            continue
        position = list(conditions).index(name)
        size = levels[position]
        values = set(literal.values if literal.values is not None else (1,))
        if not values <= set(range(size)):
            problems.append(
                Problem(
                    f"dir_exp, {name}", "an expected value is one of the condition's", str(literal), f"0 to {size - 1}"
                )
            )
            continue
        found[position] = frozenset(set(range(size)) - values if literal.negated else values)
    if problems:
        raise CrosscaseError(problems)
    return found


def _named_expectations(
    spec: str | Mapping[str, object] | Sequence[object], conditions: Sequence[str]
) -> dict[str, Literal]:
    if isinstance(spec, Mapping):
        pairs = [(str(name), value) for name, value in spec.items()]
    else:
        items: list[object] = list(re.split(r",(?![^\[{]*[\]}])", spec)) if isinstance(spec, str) else list(spec)
        texts = [item.strip() if isinstance(item, str) else item for item in items]
        if all(not isinstance(t, str) or re.fullmatch(r"[-0-9;\s]*", t) for t in texts):
            if len(texts) != len(conditions):
                found, allowed = f"{len(texts)} entries", f"{len(conditions)} ({', '.join(conditions)})"
                raise CrosscaseError(
                    [Problem("dir_exp", "entries without names: one for each condition", found, allowed)]
                )
            pairs = list(zip(conditions, texts))
        else:
            literals = [parse_literal(str(t), "dir_exp") for t in texts if t is not None and str(t) not in {"", "-"}]
            return {literal.name: literal for literal in literals}
    named = {}
    for name, value in pairs:
        if value is None or (isinstance(value, str) and value.strip() in {"", "-"}):
            continue
        parts = re.split(r"[,;\s]+", value.strip()) if isinstance(value, str) else value
        listed = list(parts) if isinstance(parts, (list, tuple, set, frozenset)) else [parts]
        try:
            numbers = tuple(int(part) for part in listed)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError) as error:
            place = f"dir_exp, {name}"
            raise CrosscaseError(Problem(place, "the expected values", shown(value), "whole numbers")) from error
        named[name] = Literal(name, numbers)
    return named
