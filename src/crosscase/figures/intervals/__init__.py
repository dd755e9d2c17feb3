"""Numbers with what lies around them: coefficients with intervals."""
