"""How far the intervals and tests of this package can be trusted, by simulation at realistic designs."""

from crosscase.calibration.coefficients import COEFFICIENTS, INTERVALS, agreement_estimators, calibrate_agreement
from crosscase.calibration.interviews import SATURATION_ESTIMATES, calibrate_saturation, saturation_designs
from crosscase.calibration.rejections import (
    QUESTIONS,
    calibrate_tests,
    group_tests,
    rejection_designs,
    segment_chi_square,
)
from crosscase.calibration.summary import design_seed, where_trusted

__all__ = [
    "COEFFICIENTS", "INTERVALS", "QUESTIONS", "SATURATION_ESTIMATES", "agreement_estimators", "calibrate_agreement",
    "calibrate_saturation", "calibrate_tests", "design_seed", "group_tests", "rejection_designs", "saturation_designs",
    "segment_chi_square", "where_trusted",
]  # fmt: skip
