"""Theme matrices: case or role x theme with roll-up, and claims x sources of voice."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.errors import Problem, raise_if
from crosscase.frames import known, need, ordered
from crosscase.ids import split_rows
from crosscase.matrices.coding import build_matrix
from crosscase.matrices.given import pick_coder

BRANCHES = ("theme", "subtheme")


def ancestry(themes: pd.DataFrame) -> dict[str, list[str]]:
    """Each theme with itself and its ancestors, nearest first.

    Parameters
    ----------
    themes : DataFrame
        `theme, parent`.

    Returns
    -------
    dict
        Theme id to list of ids.

    Raises
    ------
    CrosscaseError
        For doubled themes, parents that are no theme, and circles.

    Examples
    --------
    >>> ancestry(pd.DataFrame({"theme": ["money", "funding"], "parent": [None, "money"]}))
    {'money': ['money'], 'funding': ['funding', 'money']}
    """
    check_arguments(ancestry, locals())
    need(themes, ["theme", "parent"], "themes")
    parents = {str(row.theme): row.parent for row in themes[["theme", "parent"]].itertuples(index=False)}
    problems = [
        Problem("themes, column theme", "each theme has one row", f"{theme!r} twice")
        for theme in themes.loc[themes["theme"].duplicated(), "theme"]
    ]
    out = {}
    for theme in parents:
        chain = [theme]
        while not pd.isna(parents[chain[-1]]) and parents[chain[-1]] != "":
            parent = str(parents[chain[-1]])
            if parent not in parents:
                problems.append(Problem(f"themes, theme {chain[-1]!r}", "the parent must be a theme", repr(parent)))
                break
            if parent in chain:
                problems.append(Problem(f"themes, theme {theme!r}", "themes may not form a circle", " > ".join(chain)))
                break
            chain.append(parent)
        out[theme] = chain
    raise_if(problems)
    return out


def leaf_themes(themes: pd.DataFrame) -> pd.DataFrame:
    """The themes and subthemes that no other theme or subtheme lies under (factors and frames are left out)."""
    check_arguments(leaf_themes, locals())
    need(themes, ["theme", "parent"], "themes")
    kind = themes["kind"] if "kind" in themes else pd.Series("theme", index=themes.index)
    branch = themes[kind.isin(BRANCHES).fillna(False)]
    return branch[~branch["theme"].isin(branch["parent"].dropna())]


def theme_matrix(
    codings: pd.DataFrame,
    themes: pd.DataFrame,
    rows: str | tuple[str, str] = "case",
    *,
    cases: pd.DataFrame | None = None,
    roles: pd.DataFrame | None = None,
    coder: str | Iterable[str] | None = None,
    mode: str | None = None,
    asked: pd.DataFrame | None = None,
    participant: str = "participant",
    roll_up: bool = True,
) -> pd.DataFrame:
    """Count the codings of each case or role under each theme; what stands under a subtheme counts for its parents.

    Parameters
    ----------
    codings : DataFrame
        As for `coding_matrix`, with the column `theme`.
    themes : DataFrame
        `theme, parent` and, where themes are bound to one case, `case`: such a theme is present in its case even
        where no segment is coded. Without `codings` under it a theme keeps its column.
    rows, cases, roles, coder, mode, asked, participant
        As for `coding_matrix`; `asked` may carry `theme`.
    roll_up : bool
        Whether codings of a subtheme count for its parents as well.

    Returns
    -------
    DataFrame
        As `coding_matrix`, with `theme` in the place of `code`.

    Raises
    ------
    CrosscaseError
        For themes of codings that the table lacks, circles, unknown options.

    Examples
    --------
    >>> codings = pd.DataFrame({"coding_id": ["c1"], "document": ["d"], "start": [0], "end": [4], "case": ["a"],
    ...                         "theme": ["funding"], "coder": ["x"], "valence": ["inhibits"]})
    >>> themes = pd.DataFrame({"theme": ["money", "funding"], "parent": [None, "money"]})
    >>> theme_matrix(codings, themes)[["case", "theme", "state", "n_segments"]]
      case    theme    state  n_segments
    0    a    money  present           1
    1    a  funding  present           1
    """
    check_arguments(theme_matrix, locals())
    need(codings, ["coding_id", "document", "start", "end", "theme"], "codings")
    lines = ancestry(themes)
    frame = split_rows(pick_coder(codings, coder), "theme")
    known(frame["theme"], themes, "theme", "codings")
    bound = None
    if "case" in themes:
        bound = split_rows(themes[["theme", "case"]], "case").dropna()
    if roll_up:
        frame = _rolled(frame, lines).drop_duplicates(["coding_id", "theme"])
        bound = None if bound is None else _rolled(bound, lines).drop_duplicates()
    return build_matrix(
        frame,
        rows,
        "theme",
        list(lines),
        cases=cases,
        roles=roles,
        mode=mode,
        asked=asked,
        participant=participant,
        bound=bound,
    )


def _rolled(frame: pd.DataFrame, lines: dict[str, list[str]]) -> pd.DataFrame:
    """Each row once per theme of its line (the theme and its ancestors)."""
    line = frame["theme"].map(lambda theme: None if pd.isna(theme) else lines[str(theme)])
    return frame.assign(theme=line).explode("theme")


def triangulation_matrix(themes: pd.DataFrame) -> pd.DataFrame:
    """Cross each claim (leaf theme with a voice) with the sources of voice that support it.

    Parameters
    ----------
    themes : DataFrame
        `theme, parent, voice` (several voices joined by ";"), optionally `label, kind, spans`.

    Returns
    -------
    DataFrame
        One row per claim and voice: `claim, label, voice, state` (present or not_stated: a source that is not named
        may still agree), `n_voices` of the claim, `spans` (where the source says it). Column sums of `present` are
        the numbers of claims per source.

    Examples
    --------
    >>> themes = pd.DataFrame({"theme": ["t1", "t2"], "parent": None, "voice": ["documents", "documents;interviews"]})
    >>> triangulation_matrix(themes)[["claim", "voice", "state", "n_voices"]]
      claim       voice       state  n_voices
    0    t1   documents     present         1
    1    t1  interviews  not_stated         1
    2    t2   documents     present         2
    3    t2  interviews     present         2
    """
    check_arguments(triangulation_matrix, locals())
    need(themes, ["theme", "parent", "voice"], "themes")
    claims = split_rows(leaf_themes(themes), "voice").dropna(subset="voice")
    voices = ordered(claims["voice"])
    rows = []
    for theme, group in claims.groupby("theme", sort=False):
        first = group.iloc[0]
        label = first.get("label", theme)
        for voice in voices:
            here = voice in set(group["voice"])
            spans = first.get("spans", "") if here else ""
            rows.append((theme, label, voice, "present" if here else "not_stated", group["voice"].nunique(), spans))
    return pd.DataFrame(rows, columns=["claim", "label", "voice", "state", "n_voices", "spans"])
