"""What a person is told when the plan or a parameter is wrong; and what the plan says when it is right."""

from __future__ import annotations

import pytest

from crosscase import ids
from crosscase.errors import CrosscaseError
from crosscase.pipeline import load_plan
from crosscase.pipeline.parameters import declared, fits, parse_override
from crosscase.pipeline.sweeps import points


def problems_of(compendium, change=None):
    if change is not None:
        compendium.write()
    with pytest.raises(CrosscaseError) as caught:
        load_plan().jobs()
    return caught.value.problems


def test_jobs_stand_after_those_they_read(compendium):
    jobs = load_plan().jobs()
    assert [job.id for job in jobs] == ["10_cases/north", "10_cases/south", "20_total/compendium"]
    assert jobs[2].after == ("10_cases/north", "10_cases/south")
    assert jobs[0].parameters == {"study": "north"}
    assert jobs[0].command == "crosscase run 10_cases --study north"


def test_selection_takes_what_it_needs(compendium):
    plan = load_plan()
    assert [job.id for job in plan.jobs(studies=["south"])] == ["10_cases/south"]
    assert len(plan.jobs(notebooks=["20_total"])) == 3
    chosen = plan.jobs(studies=["south"], notebooks=["10_cases"], overrides={"seed": 3})
    assert chosen[0].parameters == {"study": "south", "seed": 3}


def test_unknown_selection_names_the_closest(compendium):
    with pytest.raises(CrosscaseError) as caught:
        load_plan().jobs(studies=["nort"], notebooks=["10_case"])
    assert [problem.remedy for problem in caught.value.problems] == ["did you mean north?", "did you mean 10_cases?"]


def test_overrides_per_study(compendium):
    compendium.entry("10_cases").update(parameters={"seed": 1}, studies={"south": {"seed": 2}})
    compendium.write()
    jobs = load_plan().jobs()
    assert [job.parameters.get("seed") for job in jobs] == [1, 2, None]


def test_a_notebook_limited_to_a_study_runs_for_that_alone_and_others_wait_for_no_more(compendium):
    compendium.entry("10_cases")["only"] = ["south"]
    compendium.write()
    jobs = load_plan().jobs()
    assert [job.id for job in jobs] == ["10_cases/south", "20_total/compendium"]
    assert jobs[1].after == ("10_cases/south",)
    compendium.entry("10_cases")["only"] = ["soth"]
    compendium.entry("20_total")["only"] = ["south"]
    compendium.write()
    first, second = problems_of(compendium)
    assert (first.remedy, second.rule) == (
        "did you mean south?",
        "only a notebook with per: study is limited to studies",
    )


def test_sweep_grid_and_list(compendium):
    compendium.entry("10_cases")["sweep"] = {"seed": [1, 2]}
    compendium.write()
    names = [job.id for job in load_plan().jobs() if job.study == "north"]
    assert names == ["10_cases/north", "10_cases/north~seed=1", "10_cases/north~seed=2"]
    compendium.entry("10_cases")["sweep"] = [{"seed": 7}]
    compendium.write()
    swept = [job for job in load_plan().jobs() if job.sweep]
    assert [job.parameters["seed"] for job in swept] == [7, 7]
    assert swept[0].folder.parts[-3] == "sweeps"


def test_sweep_of_one_study_and_over_cases(compendium):
    compendium.notebook("30_case", "study = 'north'\nseed = 0\ncase = ''", "0", sweep={"case": "all", "seed": [1, 2]})
    names = [job.id for job in load_plan().jobs() if job.sweep]
    assert names == [
        "30_case/north~case=a,seed=1",
        "30_case/north~case=b,seed=1",
        "30_case/north~case=a,seed=2",
        "30_case/north~case=b,seed=2",
        "30_case/south~case=c,seed=1",
        "30_case/south~case=c,seed=2",
    ]
    compendium.entry("30_case")["sweeps"] = {"south": [{"seed": 7}], "north": {"case": ["b"]}}
    compendium.write()
    swept = [job for job in load_plan().jobs() if job.sweep]
    assert [job.id for job in swept] == ["30_case/north~case=b", "30_case/south~seed=7"]
    assert swept[0].parameters == {"study": "north", "case": "b"}
    assert swept[1].command == "crosscase run 30_case --study south --sweep seed=7"


def test_groups_of_cases_are_no_case_of_a_sweep(compendium):
    table = compendium.root / "data" / "studies" / "north" / "cases.csv"
    table.write_text("case,label,kind\na,A,case\nsome,Some of them,subset\n")
    compendium.notebook("30_case", "study = 'north'\ncase = ''", "0", sweep={"case": "all"})
    assert [job.sweep for job in load_plan().jobs(studies=["north"]) if job.sweep] == ["case=a"]


def test_every_problem_of_a_sweep_is_told(compendium):
    compendium.notebook("30_case", "study = 'north'\nseed = 0\ncase = ''", "0")
    entry = compendium.entry("30_case")
    entry["sweeps"] = {"soth": {"seed": [1]}, "north": [{"case": "aa"}, {"case": "b"}], "south": {"seed": [1, 1]}}
    compendium.entry("20_total")["sweep"] = {"case": "all"}
    found = {problem.rule: problem for problem in problems_of(compendium, True)}
    assert found["sweeps per study name studies of the plan"].remedy == "did you mean south?"
    wrong = found["a sweep names cases of the study (north)"]
    assert (wrong.found, wrong.allowed, wrong.remedy) == ("'aa'", "a, b", "did you mean a?")
    assert wrong.place.endswith("(30_case), key sweeps, north")
    assert found["each parameter set stands once in a sweep"].found == "seed=1 twice"
    assert "only a notebook with per: study sweeps over cases" in found
    entry["sweeps"], compendium.entry("20_total")["sweep"] = {"north": {"sed": [1]}}, []
    (problem,) = problems_of(compendium, True)
    assert (problem.place, problem.remedy) == ("notebook 30_case, parameter sed", "did you mean seed?")


def test_a_grid_gives_lists(compendium):
    compendium.entry("10_cases")["sweep"] = {"seed": 3}
    (problem,) = problems_of(compendium, True)
    assert "seed has 3" in problem.rule
    assert "sweep: {seed: [1, 2, 3]" in problem.allowed


def test_every_problem_of_the_shape_at_once_with_its_line(compendium):
    compendium.plan["titel"] = "x"
    compendium.entry("10_cases").update(parameter={"seed": 1}, per="each study")
    del compendium.entry("20_total")["reason"]
    found = {str(problem) for problem in problems_of(compendium, True)}
    assert len(found) == 4
    text = (compendium.root / "compendium.yml").read_text().splitlines()
    line = next(number for number, row in enumerate(text, 1) if row.startswith("titel"))
    assert any(f"line {line}, key titel" in each and "did you mean title?" in each for each in found)
    assert any("(10_cases), key parameter" in each and "did you mean parameters?" in each for each in found)
    assert any("key per" in each and "per: compendium" in each for each in found)
    assert any("(20_total), key reason" in each and "add it" in each for each in found)


def test_a_key_twice_and_broken_yaml(compendium):
    file = compendium.root / "compendium.yml"
    text = file.read_text()
    file.write_text(text + "title: again\n")
    assert "also in line 1" in problems_of(compendium)[0].found
    file.write_text("title: [unclosed\n")
    assert problems_of(compendium)[0].place.startswith("compendium.yml, line")


def test_names_that_must_exist(compendium):
    compendium.plan["studies"] = ["north", "soth"]
    compendium.entry("20_total")["after"] = ["10_case"]
    found = problems_of(compendium, True)
    assert [problem.remedy for problem in found] == ["did you mean south?", "did you mean 10_cases?"]
    (compendium.root / "notebooks" / "10_cases.ipynb").rename(compendium.root / "notebooks" / "10_case.ipynb")
    assert any("file of the folder notebooks" in problem.rule for problem in problems_of(compendium))


def test_a_circle_is_refused(compendium):
    compendium.entry("10_cases")["after"] = ["20_total"]
    assert "10_cases and 20_total" in problems_of(compendium, True)[0].found


def test_misspelt_parameter(compendium):
    compendium.entry("10_cases")["parameters"] = {"sed": 1}
    (problem,) = problems_of(compendium, True)
    assert problem.place == "notebook 10_cases, parameter sed"
    assert problem.remedy == "did you mean seed?"
    assert problem.allowed == "study, seed"


def test_wrong_types_are_told_together(compendium):
    compendium.entry("10_cases").update(parameters={"seed": "one"}, studies={"south": {"seed": 1.5}})
    compendium.entry("20_total")["parameters"] = {"title": 3}
    found = problems_of(compendium, True)
    assert [problem.found for problem in found] == ["'one' (str)", "1.5 (float)", "3 (int)"]
    assert found[0].allowed == "int"


def plan_with(compendium, seed):
    compendium.entry("10_cases")["parameters"] = {"seed": "SEED"}
    compendium.write()
    file = compendium.root / "compendium.yml"
    file.write_text(file.read_text().replace("SEED", seed))


@pytest.mark.parametrize("written", ["010", "1:30", "yes", "0b11", "2024-01-01", "1_0:30"])
def test_what_people_do_not_mean_as_a_number_is_no_number(compendium, written):
    """YAML of old would read 8, 90, True, 3 and a date."""
    notebooks = [compendium.root / "notebooks" / "10_cases.ipynb"]
    assert parse_override(notebooks, "seed", written) == written
    plan_with(compendium, written)
    assert [problem.found for problem in problems_of(compendium)] == [f"'{written}' (str)"]
    compendium.notebook("10_cases", "study = 'north'\nseed = 'a text'")
    plan_with(compendium, written)
    assert [job.parameters["seed"] for job in load_plan().jobs(notebooks=["10_cases"])] == [written] * 2


@pytest.mark.parametrize(
    ("written", "default", "meant"),
    [
        ("1e3", "0", 1000),
        ("1e-3", "0.5", 0.001),
        ("1_000", "0", 1000),
        ("yes", "True", True),
        ("No", "True", False),
        ("off", "True", False),
        ("on", "'a text'", "on"),
        ("12", "'a text'", "12"),
        ("[010, no]", "['a']", ["010", "no"]),
    ],
)
def test_a_value_is_read_as_it_is_meant(compendium, written, default, meant):
    compendium.notebook("10_cases", f"study = 'north'\nseed = {default}")
    notebooks = [compendium.root / "notebooks" / "10_cases.ipynb"]
    found = parse_override(notebooks, "seed", written)
    assert (found, type(found)) == (meant, type(meant))
    if written == "12":  # in the plan a number is a number, and is told
        return
    plan_with(compendium, written)
    found = load_plan().jobs()[0].parameters["seed"]
    assert (found, type(found)) == (meant, type(meant))


def test_a_text_or_nothing_takes_a_number_as_text(compendium):
    compendium.notebook("10_cases", "study = 'north'\nseed: str | None = None")
    notebooks = [compendium.root / "notebooks" / "10_cases.ipynb"]
    assert [parse_override(notebooks, "seed", text) for text in ("12", "007", "null")] == ["12", "007", None]


def test_missing_parameters_cell(compendium):
    compendium.notebook("10_cases", None, "1 + 1")
    (problem,) = problems_of(compendium)
    assert problem.place == "notebooks/10_cases.ipynb"
    assert "tagged 'parameters'" in problem.rule


def test_declared_reads_what_papermill_reads_and_what_it_cannot(compendium):
    cell = (
        "a = 1  # plain\n"
        "b: float = 2  # annotated\n"
        "c = 'x=y'  # with = in it\n"
        "d: list[str] = [\n    'one',\n    'two',\n]  # over lines\n"
        "e = None\n"
        "f: int | None = None  # maybe\n"
    )
    compendium.notebook("30_types", cell)
    found = declared(compendium.root / "notebooks" / "30_types.ipynb")
    assert {name: told["type"] for name, told in found.items()} == {
        "a": "int",
        "b": "float",
        "c": "str",
        "d": "list[str]",
        "e": "NoneType",
        "f": "int | None",
    }
    assert found["c"]["comment"] == "with = in it"
    assert found["d"]["comment"] == "over lines"


@pytest.mark.parametrize(
    ("value", "kind", "right"),
    [
        (1, "int", True),
        (True, "int", False),
        (1, "bool", False),
        (1, "float", True),
        ("1", "float", False),
        (["a"], "list[str]", True),
        ([1], "list[str]", False),
        ({"a": 1}, "dict", True),
        (None, "str", False),
        (None, "str | None", True),
        (3, "str | None", False),
        (3, "NoneType", True),
        (3, "Optional[int]", True),
        ("anything", "Path", True),
    ],
)
def test_fits(value, kind, right):
    assert fits(value, kind) is right


def test_override_is_read_as_the_cell_declares(compendium):
    notebooks = [compendium.root / "notebooks" / "10_cases.ipynb"]
    assert parse_override(notebooks, "study", "12") == "12"
    assert parse_override(notebooks, "seed", "12") == 12
    assert parse_override(notebooks, "unknown", "[1, 2]") == [1, 2]


def test_the_label_of_a_sweep_is_the_end_of_a_folders_name_on_every_system():
    labels = [label for label, _ in points({"unit": ["a", "a.", "a ", "a:b", "x" * 80]}, [])]
    assert labels[0] == "unit=a"
    assert len(set(labels)) == 5
    assert not [label for label in labels if ids.unfit(f"s~{label}", 80)]
