"""What a study still lacks, in plain words: each gap with what it means for the book."""

from __future__ import annotations

from crosscase.study.load import Study, load_study
from crosscase.study.model import QUESTION


def missing_words(study: Study | str) -> list[str]:
    """Return in plain words what a study still lacks, and what its lack means for the book.

    Parameters
    ----------
    study : Study or str
        The study or its id.

    Returns
    -------
    list of str
        One or two sentences for each gap, the most consequential first.
    """
    study = load_study(study) if isinstance(study, str) else study
    words = []
    if study.info.question == QUESTION:
        words.append("The research question is not written yet (study.yml, key question).")
    if study.info.stance == "unspecified":
        words.append(
            "The analytic stance is not stated (study.yml, key stance): agreement and saturation are shown with "
            "that reservation."
        )
    if not study.has("documents"):
        words.append("There are no documents: nothing can be counted yet.")
    if not study.has("codebook"):
        words.append("There is no codebook.")
    if study.codings.empty:
        words.append("There are no codings: the chapters on coding, saturation and cases stay empty.")
        return words
    return words + _thin(study)


def _thin(study: Study) -> list[str]:
    """Tell what a study with codings lacks."""
    words, codings, primary = [], study.codings, study.primary_codings()  # matrices rest on the primary coding
    without = int(primary["case"].isna().sum())
    if not study.has("cases"):
        words.append("There are no cases (cases.csv, and the column case of codings.csv): cases cannot be compared.")
    elif without:
        words.append(f"{without:,} of {len(primary):,} codings belong to no case; matrices by case leave them out.")
    if codings["coder"].nunique() < 2:
        words.append("One coder only: there is no agreement to compute.")
    if not study.has("roles"):
        words.append("There are no roles (roles.csv): nothing is shown by stakeholder role.")
    if codings["valence"].isna().all():
        words.append("No coding has a valence: barriers and facilitators are not told apart.")
    if study.whole("themes").empty:
        groups = study.has("themes")
        above = "the groups of the codebook take their place" if groups else "codes stand without a level above"
        words.append(f"There are no published themes (themes.csv): {above}.")
    if not study.has("facts"):
        words.append("There are no published facts (facts.csv): nothing can be checked against a publication.")
    return words + _undescribed(study)


def _undescribed(study: Study) -> list[str]:
    """Tell which codes and documents nobody has described."""
    words, every = [], len(study.codebook)
    undefined = int(study.codebook["definition"].isna().sum())
    if undefined == every > 1:
        words.append(f"None of the {every:,} codes has a definition (codebook.csv, column definition).")
    elif undefined:
        have = "has" if undefined == 1 else "have"
        words.append(f"{undefined:,} of {every:,} codes {have} no definition (codebook.csv, column definition).")
    documents = study.documents
    if len(documents) and (documents["release"] == "none").all():
        words.append("No document is released for quotation (documents.csv, column release): no quotation is printed.")
    other = int((documents["kind"] == "other").sum())
    if other:
        what = "document has" if other == 1 else "documents have"
        words.append(f"{other:,} {what} the kind 'other': say what they are (documents.csv, column kind).")
    silent = int(documents["code_points"].isna().sum())
    if silent:
        what = "document has" if silent == 1 else "documents have"
        words.append(f"{silent:,} {what} no text (pictures, recordings): their codings keep a locator, no quotation.")
    return words
