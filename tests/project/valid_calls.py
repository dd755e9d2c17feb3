"""One valid call of every public function of six rooms: from the examples of its documentation, or from here."""

import doctest
import functools
import importlib
import inspect
import io
import pkgutil
from types import ModuleType

import pandas as pd

ROOMS = ("agreement", "saturation", "matrices", "comparison", "configurations", "synthesis")
FEW = {"n_simulations": 5, "n_bootstrap": 5, "n_resamples": 5, "resamples": 5, "samples": 5, "n_permutations": 99}
"""What a call draws at random, where its example does not say how often: enough to go the whole way."""

_CODINGS = pd.DataFrame(
    {"study": "a", "coding_id": ["c1", "c2"], "document": "d", "start": [0, 5], "end": [4, 9], "code": ["k", "l"],
     "coder": ["x", "y"], "case": ["m", "n"], "theme": ["t", "u"], "role": ["r", "r"], "role_mode": ["voice", "about"],
     "valence": ["inhibits", "promotes"], "memo": ["seen", None]}
)  # fmt: skip
_THEMES = pd.DataFrame(
    {"theme": ["t", "u"], "parent": [None, "t"], "label": ["T", "U"], "kind": ["theme", "subtheme"], "order": [1, 2],
     "voice": ["interviews", "documents"], "case": None, "valence": "na"}
)  # fmt: skip
_ROLES = pd.DataFrame({"role": ["r"], "label": ["R"], "sector": ["care"], "kind": ["perspective"]})
_CELLS = pd.DataFrame(
    {"construct": ["c", "c"], "label": "C", "domain": "D", "study": ["a", "b"], "reported": [True, False],
     "direction": ["barrier", None], "also_condition": False, "n_themes": [1, 0], "confidence": ["high", None],
     "themes": ["t", ""]}
)  # fmt: skip
_SPANS = _CODINGS[["document", "start", "end", "code", "coder"]]
_JUDGED = pd.DataFrame({"x": ["p", "q", "p", "p"], "y": ["p", "q", "q", "p"]}, index=["u1", "u2", "u3", "u4"])
_SETS = pd.DataFrame({"x": [frozenset("k"), frozenset("kl")], "y": [frozenset("k"), frozenset("l")]})
_CONTRAST = pd.DataFrame(
    {"study": ["a", "b"], "reported": True, "inhibits": [True, False], "promotes": False, "condition": False,
     "neutral": False, "ambivalent": False, "n_segments": 1, "segments": ["c1", "c2"]}
)  # fmt: skip


def _made() -> dict[str, tuple]:
    """Return what stands in no example: name -> positional arguments."""
    from crosscase import agreement, configurations, matrices, saturation

    measures = [name for name in agreement.__all__ if type(getattr(agreement, name)).__name__ == "ChanceMeasure"]
    cases = pd.DataFrame({"case": ["m", "n"], "kind": "case", "coverage": "partial"})
    chart = matrices.framework_matrix(_CODINGS, cases, _THEMES)
    quotations = pd.DataFrame({"quotation": ["q1", "q2"], "theme": ["u", "u"], "role": ["r", None]})
    documents = pd.DataFrame({"document": ["d", "e"], "case": ["m", "n"], "role": None, "date": ["2020", "2021"]})
    order = pd.DataFrame({"unit": ["d"], "order": [1], "case": ["m"], "role": None, "ordered_by": "date"})
    over = saturation.Sampling(_CODINGS.assign(sampled="d"), order, "documents", "")
    data = pd.DataFrame({"A": [1, 1, 0, 0], "B": [1, 0, 1, 0], "Y": [1, 1, 0, 0]}, index=list("abcd"))
    table = configurations.truth_table(data, "Y")
    return {
        **{f"agreement.{name}": (_JUDGED,) for name in measures},
        **{f"agreement.{name}": (_SETS,) for name in ("jaccard_alpha", "masi_alpha", "mv_alpha")},
        **{f"agreement.{name}": (_SPANS, {"d": 20}) for name in ("cu_alpha", "u_alpha", "u_alpha_binary")},
        "agreement.gwet_ac2": (_JUDGED.replace({"p": 1, "q": 2}),),
        "agreement.krippendorff_alpha": (_JUDGED,),
        "agreement.gamma_agreement": (_SPANS,),
        "agreement.kept_measures": (),
        "saturation.curves": (over,),
        "saturation.sampling_order": (documents,),
        "matrices.finding_codings": (_CODINGS, _THEMES),
        "matrices.finding_labels": (_THEMES,),
        "matrices.finding_themes": (_THEMES,),
        "matrices.framework_chart": (chart, _CODINGS),
        "matrices.leaf_themes": (_THEMES,),
        "matrices.named_pairs": (pd.DataFrame({"code_a": ["k"], "code_b": ["l"]}), {"k": "K"}),
        "matrices.perspective_matrix": (_CODINGS, _THEMES, _ROLES),
        "matrices.quotation_cells": (matrices.role_sector(quotations, _ROLES, _THEMES).by_role, _THEMES, _ROLES),
        "matrices.quotation_frame": (quotations, _THEMES, _ROLES),
        "matrices.role_modes": (_CODINGS, _ROLES),
        "comparison.graph_themes": (
            _THEMES, pd.DataFrame({"source": ["t"], "target": ["u"], "sign": ["+"], "directed": [True]})
        ),
        "configurations.enhanced_analysis": (table,),
        "configurations.untenable_rows": (table,),
        "synthesis.code_contrast": (_CODINGS, "k", ["a", "b"]),
        "synthesis.codes_by_study": (_CODINGS, pd.DataFrame({"study": "a", "code": ["k"], "label": ["K"]}), ["a"]),
        "synthesis.contrast_cells": (_CONTRAST,),
        "synthesis.reported_in": (_CELLS,),
    }  # fmt: skip


def public() -> dict[str, object]:
    """Return every public function: what a room exports and can be called; a class only if people make one of it.

    They do where its documentation has an example; the others are what functions return.
    """
    found = {}
    for room in ROOMS:
        module = importlib.import_module(f"crosscase.{room}")
        for name in module.__all__:
            one = getattr(module, name)
            if callable(one) and (not inspect.isclass(one) or ">>>" in (one.__doc__ or "")):
                found[f"{room}.{name}"] = one
    return found


def _modules(room: str) -> list[ModuleType]:
    module = importlib.import_module(f"crosscase.{room}")
    found = pkgutil.walk_packages(module.__path__, f"{module.__name__}.")
    return [module, *(importlib.import_module(each.name) for each in found)]


def calls() -> dict[str, dict[str, object]]:
    """Return name -> arguments by name of the first call that went well, over all examples of the six rooms."""
    return {name: every[0] for name, every in all_calls().items()}


@functools.cache
def all_calls() -> dict[str, list[dict[str, object]]]:
    """Return name -> the same of every call that went well."""
    found: dict[str, list[dict[str, object]]] = {}

    def recorded(name, function):
        signature = inspect.signature(function)
        if inspect.isclass(function):
            found.setdefault(name, [_bound(signature, (), {})])
            return function

        def call(*given, **named):
            result = function(*given, **named)
            found.setdefault(name, []).append(_bound(signature, given, named))
            return result

        return functools.update_wrapper(call, function)

    functions = public()
    for name, given in _made().items():
        found[name] = [_bound(inspect.signature(functions[name]), given, {})]
    instead = {id(function): recorded(name, function) for name, function in functions.items()}
    seen = set()
    for room in ROOMS:
        for module in _modules(room):
            for test in doctest.DocTestFinder(exclude_empty=True).find(module):
                if test.docstring in seen:  # `make mutants` has many copies of a function
                    continue
                seen.add(test.docstring)
                test.globs = {key: instead.get(id(value), value) for key, value in test.globs.items()}
                doctest.DocTestRunner(verbose=False).run(test, out=io.StringIO().write)
    return found


def _bound(signature: inspect.Signature, given: tuple, named: dict) -> dict[str, object]:
    bound = signature.bind(*given, **named)
    few = {name: number for name, number in FEW.items() if name in signature.parameters}
    return few | bound.arguments
