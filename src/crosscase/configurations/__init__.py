"""Configurations: crisp, fuzzy and multi-value qualitative comparative analysis (QCA) of a case x condition frame.

The way through: `calibrate` (or `calibrate_rubric`) the conditions, look at `necessity`, build a `truth_table`, check
`limited_diversity` and `skewness`, `minimize` it without remainders, with all, and with directional expectations, look
at all models in `solutions_frame`, and do the same for the absence of the outcome (`truth_table(..., "~Y")`), which is
an analysis of its own. Beside the way lie `necessity_search`, which looks for necessary combinations, and
`enhanced_analysis`, which bars the remainders that no solution should rest on (`untenable_rows`).
Whether a solution stands is asked by `cut_ranges`, `anchor_ranges` and `leave_one_case_out` (where it stays the same),
`robustness_fit` and `robustness_cases` (how far it and its cases withstand other solutions; Oana and Schneider 2024).
`coincidence_analysis` looks for causal chains with several outcomes (Baumgartner and Ambuehl 2020).

For readers of R's QCA: `incl_cut`, `n_cut`, `pri_cut`, `include`, `explain`, `dir_exp`, `all_sol` and `row_dom` mean
what `incl.cut` and the others mean there; rows are numbered alike. What differs: memberships of exactly .5 in a
condition are refused unless `allow_half=True`, and memberships are neither rounded nor cut off at .0001 and .9999. Not
offered: temporal conditions (`-`), conjunctural directional expectations, minimum consistencies of single terms
(`pi.cons`, `sol.cons`).
"""

from crosscase.configurations.calibration import calibrate, calibrate_rubric
from crosscase.configurations.carried import all_solutions, carrying_capacity
from crosscase.configurations.coincidence import Coincidence, coincidence_analysis
from crosscase.configurations.enhanced import enhanced_analysis, untenable_rows
from crosscase.configurations.expressions import membership
from crosscase.configurations.minimization import minimize
from crosscase.configurations.relations import necessity, necessity_search, sufficiency
from crosscase.configurations.remarks import remarks
from crosscase.configurations.reports import cutoff_sweep, limited_diversity, skewness, solutions_frame, xy_frame
from crosscase.configurations.robustness import robustness_cases, robustness_fit
from crosscase.configurations.sensitivity import anchor_ranges, cut_ranges, leave_one_case_out
from crosscase.configurations.solutions import Solution
from crosscase.configurations.truth import TruthTable, truth_table

__all__ = [
    "Coincidence", "Solution", "TruthTable", "all_solutions", "anchor_ranges", "calibrate", "calibrate_rubric",
    "carrying_capacity", "coincidence_analysis", "cut_ranges", "cutoff_sweep", "enhanced_analysis",
    "leave_one_case_out", "limited_diversity", "membership", "minimize", "necessity", "necessity_search", "remarks",
    "robustness_cases", "robustness_fit", "skewness", "solutions_frame", "sufficiency", "truth_table",
    "untenable_rows", "xy_frame",
]  # fmt: skip
