"""What the questions of the second reader rest on."""

from crosscase.stances import BRAUN_CLARKE_QUALITY, GUEST, OCONNOR

ALTMAN = "Altman & Bland 1995, doi:10.1136/bmj.311.7003.485"
BIRKS = "Birks, Chapman & Francis 2008, doi:10.1177/1744987107081254"
BRAUN_CLARKE = "Braun & Clarke 2006, doi:10.1191/1478088706qp063oa"
CAMPBELL = "Campbell, Quincy, Osserman & Pedersen 2013, doi:10.1177/0049124113500475"
COREQ = "COREQ, Tong, Sainsbury & Craig 2007, doi:10.1093/intqhc/mzm042"
HRUSCHKA = "Hruschka et al. 2004, doi:10.1177/1525822X04266540"
KRIPPENDORFF = "Krippendorff 2019, Content Analysis, 4th ed., chapter 12, doi:10.4135/9781071878781"
KRIPPENDORFF_FEW = "Krippendorff 2011, doi:10.1080/19312458.2011.568376"
LINCOLN = "Lincoln & Guba 1985, Naturalistic Inquiry, chapter 11"
MACQUEEN = "MacQueen, McLellan, Kay & Milstein 1998, Cultural Anthropology Methods 10(2), 31-36"
MAXWELL = "Maxwell 2010, doi:10.1177/1077800410364740"
MAYS = "Mays & Pope 2000, doi:10.1136/bmj.320.7226.50"
MILES = "Miles, Huberman & Saldaña 2014, Qualitative Data Analysis, 3rd ed., chapter 11"
SANDELOWSKI = "Sandelowski 2001, doi:10.1002/nur.1025"
SRQR = "SRQR, O'Brien et al. 2014, doi:10.1097/ACM.0000000000000388"
YIN = "Yin 2018, Case Study Research, 6th ed."

__all__ = [
    "ALTMAN", "BIRKS", "BRAUN_CLARKE", "BRAUN_CLARKE_QUALITY", "CAMPBELL", "COREQ", "GUEST", "HRUSCHKA",
    "KRIPPENDORFF", "KRIPPENDORFF_FEW", "LINCOLN", "MACQUEEN", "MAXWELL", "MAYS", "MILES", "OCONNOR", "SANDELOWSKI",
    "SRQR", "YIN",
]  # fmt: skip
