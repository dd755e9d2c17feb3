"""Data of published analyses; crisp and multi-value ones row by row: values, cases, cases with the outcome."""

import io
from pathlib import Path

import pandas as pd
import pytest


def _fuzzy_lipset():
    """Rihoux & Ragin (2009), Configurational Comparative Methods, ch. 5: democracies between the wars, fuzzy sets."""
    text = """case DEV URB LIT IND STB SURV
AU 0.81 0.12 0.99 0.73 0.43 0.05
BE 0.99 0.89 0.98 1.00 0.98 0.95
CZ 0.58 0.98 0.98 0.90 0.91 0.89
EE 0.16 0.07 0.98 0.01 0.91 0.12
FI 0.58 0.03 0.99 0.08 0.58 0.77
FR 0.98 0.03 0.99 0.81 0.95 0.95
DE 0.89 0.79 0.99 0.96 0.31 0.05
GR 0.04 0.09 0.13 0.36 0.43 0.06
HU 0.07 0.16 0.88 0.07 0.13 0.42
IE 0.72 0.05 0.98 0.01 0.95 0.92
IT 0.34 0.10 0.41 0.47 0.58 0.05
NL 0.98 1.00 0.99 0.94 0.99 0.95
PL 0.02 0.17 0.59 0.00 0.00 0.12
PT 0.01 0.02 0.01 0.11 0.01 0.05
RO 0.01 0.03 0.17 0.00 0.84 0.21
ES 0.03 0.30 0.09 0.21 0.20 0.06
SE 0.95 0.13 0.99 0.67 0.91 0.95
UK 0.98 0.99 0.99 1.00 0.98 0.95
"""
    return pd.read_csv(io.StringIO(text), sep=" ", index_col="case")


def expand(names, outcome, rows):
    """Turn (values, labels or number of cases, number with the outcome) into a case x condition frame."""
    records = []
    for values, cases, positive in rows:
        labels = cases.split(",") if isinstance(cases, str) else [f"{values}-{i}" for i in range(cases)]
        for i, label in enumerate(labels):
            records.append([label, *map(int, values), int(i < positive)])
    return pd.DataFrame(records, columns=["case", *names, outcome]).set_index("case")


@pytest.fixture
def fuzzy_lipset():
    return _fuzzy_lipset()


@pytest.fixture
def crisp_lipset():
    """Rihoux & De Meur (2009) in Rihoux & Ragin, ch. 3."""
    rows = [
        ("00000", "GR,PT,ES", 0), ("00001", "IT,RO", 0), ("00100", "HU,PL", 0), ("00101", "EE", 0),
        ("10101", "FI,IE", 2), ("10110", "AU", 0), ("10111", "FR,SE", 2), ("11110", "DE", 0),
        ("11111", "BE,CZ,NL,UK", 4),
    ]  # fmt: skip
    return expand(["DEV", "URB", "LIT", "IND", "STB"], "SURV", rows)


@pytest.fixture
def multi_lipset():
    """Cronqvist & Berg-Schlosser (2009) in Rihoux & Ragin, ch. 4: DEV with three values."""
    rows = [
        ("00000", "GR,PT,ES", 0), ("00001", "IT,RO", 0), ("00100", "HU,PL", 0), ("00101", "EE", 0),
        ("10101", "FI,IE", 2), ("10110", "AU", 0), ("11110", "DE", 0), ("11111", "CZ", 1),
        ("20111", "FR,SE", 2), ("21111", "BE,NL,UK", 3),
    ]  # fmt: skip
    return expand(["DEV", "URB", "LIT", "IND", "STB"], "SURV", rows)


@pytest.fixture
def krook():
    """Krook (2010), Women's representation in parliament, Political Studies 58(5)."""
    rows = [
        ("00010", "CA,US", 0), ("00011", "NZ", 1), ("01000", "IT", 0), ("01010", "AU,GB,FR,IE", 0), ("01011", "DE", 1),
        ("10001", "LU", 0), ("10100", "FI", 1), ("10111", "DK", 1), ("11000", "CH,PT,GR", 0), ("11001", "AT", 1),
        ("11010", "ES", 1), ("11011", "NL,BE", 2), ("11100", "SE", 1), ("11111", "NO,IS", 2),
    ]  # fmt: skip
    return expand(["ES", "QU", "WS", "WM", "LP"], "WNP", rows)


@pytest.fixture
def party_bans():
    """Hartmann & Kemmerzell (2010), Understanding variations in party bans in Africa, Democratization 17(4)."""
    rows = [
        ("0120", 2, 2), ("0121", 1, 1), ("0210", 1, 1), ("0211", 1, 1), ("0220", 6, 6), ("0221", 3, 3), ("1000", 1, 1),
        ("1110", 1, 1), ("1111", 1, 1), ("1120", 4, 4), ("1210", 2, 2), ("1211", 1, 1), ("1220", 7, 7), ("2000", 2, 0),
        ("2001", 1, 0), ("2010", 1, 1), ("2011", 1, 0), ("2020", 1, 1), ("2110", 1, 1), ("2120", 1, 1),
        ("2121", "NG,TZ,KE,ZM", 2), ("2220", 3, 3), ("2221", 2, 2),
    ]  # fmt: skip
    return expand(["C", "F", "T", "V"], "PB", rows)


@pytest.fixture
def job_security():
    """Emmenegger (2011), Job security regulations, Politics & Society 39(3): truth table at inclusion .9, crisp."""
    rows = [
        ("000001", 2, 0), ("000100", 1, 0), ("001001", 1, 0), ("010011", 2, 0), ("011000", 2, 0), ("011010", 1, 1),
        ("100000", 2, 0), ("100100", 2, 2), ("101110", 1, 1), ("101111", 1, 1), ("110111", 2, 2), ("111000", 1, 0),
        ("111111", 1, 1),
    ]  # fmt: skip
    return expand(["S", "C", "L", "R", "P", "V"], "JSR", rows)


@pytest.fixture
def ethnic_protest():
    """Cebotari & Vink (2013), Ethnic protest in Europe, IJCS 54(4): truth table at inclusion .8, crisp."""
    rows = [
        ("11110", 1, 1), ("11100", 1, 1), ("11010", 1, 1), ("01110", 2, 2), ("11101", 2, 2), ("10111", 2, 2),
        ("11111", 1, 1), ("00100", 2, 2), ("01111", 1, 1), ("11011", 1, 0), ("00111", 1, 0), ("01001", 1, 0),
        ("00101", 1, 0), ("10101", 4, 0), ("10011", 1, 0), ("01101", 3, 0), ("00001", 4, 0),
    ]  # fmt: skip
    return expand(["DEMOC", "ETHFRACT", "GEOCON", "POLDIS", "NATPRIDE"], "PROTEST", rows)


@pytest.fixture
def many_values():
    """Baumgartner (2009), Uncovering deterministic causal structures, Synthese 170(1): four multi-value factors."""
    values = ["22023", "02112", "02023", "12023", "11030", "11211", "20133", "20002"]
    return pd.DataFrame([list(map(int, v)) for v in values], columns=list("ABCDE"), index=list("abcdefgh"))


@pytest.fixture(scope="session")
def paykani():
    """131 countries and their life expectancy: fuzzy sets, and the wealth (WEAL) that HW is calibrated from.

    Paykani, Rafiey & Sajjadi (2018), International Journal for Equity in Health 17, 10 (open access),
    doi:10.1186/s12939-018-0724-1; in two decimals as Oana & Schneider (2024) use them.
    """
    return pd.read_csv(Path(__file__).with_name("paykani.csv"), index_col="case")
