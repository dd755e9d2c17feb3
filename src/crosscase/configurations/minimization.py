"""Logical minimization of a truth table: conservative, parsimonious and intermediate solutions, all tied models.

What is done, for comparison with R's QCA (`minimize`):

* conservative: prime implicants of the positive rows alone (`include=""`);
* parsimonious: prime implicants of the positive rows and the remainders that cover a positive row (`include="?"`);
* a model is any cover of the positive rows with the smallest number of prime implicants, and all of them are returned
  (`all_sol=False`); with `all_sol=True` every irredundant cover, with no limit on its number of terms;
* row dominance is off unless `row_dom=True`;
* intermediate: see `crosscase.configurations.intermediate`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from crosscase.arguments import check_arguments
from crosscase.configurations.expressions import expectations
from crosscase.configurations.intermediate import intermediate_solution
from crosscase.configurations.remarks import remarks
from crosscase.configurations.solutions import MAX_MODELS, Solution, solve
from crosscase.configurations.truth import TruthTable
from crosscase.errors import Problem, raise_if


def minimize(
    table: TruthTable,
    *,
    include: str | Collection[str] = "",
    explain: str | Collection[str] = "1",
    dir_exp: str | Mapping[str, object] | Sequence[object] | None = None,
    all_sol: bool = False,
    row_dom: bool = False,
    max_models: int = MAX_MODELS,
) -> Solution:
    """Find all models that explain the positive rows of a truth table with the fewest terms.

    Parameters
    ----------
    table : TruthTable
        From `truth_table`.
    include : str or collection of str
        Outputs the minimization may use without having to cover them: `""` for none (conservative solution), `"?"`
        for the remainders (parsimonious), `"C"` for contradictions, `"?, C"` for both.
    explain : str or collection of str
        Outputs to be covered: `"1"`, `"0"`, `"C"` or several.
    dir_exp : str, mapping or sequence, optional
        Directional expectations, such as `"A, ~B, C[1,2]"` or `"1, 0, -"`; gives the intermediate solution and asks
        for `include="?"`.
    all_sol : bool
        Return all irredundant models instead of those with the fewest terms.
    row_dom : bool
        Leave out prime implicants that cover only part of the rows of another one.
    max_models : int
        How many models to write out; the number of all is in `n_models`.

    Returns
    -------
    Solution

    Raises
    ------
    CrosscaseError
        For unknown outputs, expectations that do not fit, or a table without a row to explain.

    References
    ----------
    Ragin, C. C., & Sonnett, J. (2005). Between complexity and parsimony. In S. Kropp & M. Minkenberg (eds.),
    Vergleichen in der Politikwissenschaft. VS Verlag.
    Duşa, A. (2019). QCA with R, ch. 8. doi:10.1007/978-3-319-75668-4

    Examples
    --------
    >>> import pandas as pd
    >>> from crosscase.configurations.truth import truth_table
    >>> frame = pd.DataFrame({"A": [1, 1, 0], "B": [1, 0, 0], "Y": [1, 1, 0]}, index=["a", "b", "c"])
    >>> minimize(truth_table(frame, "Y")).expressions
    ['A']
    """
    check_arguments(minimize, locals())
    explained, included = _outputs(table, explain, include, dir_exp, max_models)
    if dir_exp is not None:
        expected = expectations(dir_exp, table.conditions, table.levels)
        return intermediate_solution(table, explained, included, expected, all_sol, row_dom, max_models)
    return solve(table, explained, included, all_sol, row_dom, max_models)


def _outputs(
    table: TruthTable, explain: str | Collection[str], include: str | Collection[str], dir_exp: object, max_models: int
) -> tuple[list[str], list[str]]:
    explained, included = _split(explain), _split(include)
    problems = [
        Problem(place, "an output of the truth table", repr(value), ", ".join(allowed))
        for place, values, allowed in (("explain", explained, ("1", "0", "C")), ("include", included, ("?", "C", "0")))
        for value in values
        if value not in allowed
    ]
    both = sorted(set(explained) & set(included))
    if both:
        problems.append(Problem("include", "an output is explained or included, not both", ", ".join(both)))
    if dir_exp is not None and "?" not in included:
        problems.append(Problem("dir_exp", "expectations select among remainders", "", "", "give include='?'"))
    if max_models < 1:
        problems.append(Problem("max_models", "a number of models", str(max_models), "1 or more"))
    if not problems and not len(table.settings(explained)):
        counts = table.rows["OUT"].value_counts()
        found = ", ".join(f"{number} rows {out!r}" for out, number in counts.items())
        remedy = "look at the consistencies in the truth table; lower incl_cut only with a reason"
        found = "; ".join([found, *remarks(table)])
        problems.append(
            Problem("truth table", f"there is a row with output {' or '.join(explained)}", found, "", remedy)
        )
    raise_if(problems)
    return explained, included


def _split(outputs: str | Collection[str]) -> list[str]:
    parts = outputs.split(",") if isinstance(outputs, str) else [str(o) for o in outputs]
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))
