"""Load, check and save a study: the only reader and writer of `data/`."""

from crosscase.study.load import Study, level_of, list_studies, load_studies, load_study, stack, study_labels
from crosscase.study.model import StudyInfo
from crosscase.study.save import save_study
from crosscase.study.shared import list_frameworks, load_framework, load_shared

__all__ = [
    "Study",
    "StudyInfo",
    "level_of",
    "list_frameworks",
    "list_studies",
    "load_framework",
    "load_shared",
    "load_studies",
    "load_study",
    "save_study",
    "stack",
    "study_labels",
]
