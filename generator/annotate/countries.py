"""Countries: names and abbreviations by which the press knows some countries and bodies. Data for `variants`.

Each row is one entity; whichever of the names an entry lists in full, the others of its row are derived.
"""

from __future__ import annotations

OTHER_NAMES = (
    ("United States", "United States of America", "US", "U.S.", "USA", "U.S.A."),
    (
        "United Kingdom",
        "UK",
        "U.K.",
        "Britain",
        "Great Britain",
        "United Kingdom of Great Britain and Northern Ireland",
    ),
    ("European Union", "EU", "E.U."),
    ("United Nations", "UN", "U.N."),
    ("United Arab Emirates", "UAE", "U.A.E."),
    ("Democratic Republic of the Congo", "Democratic Republic of Congo", "DR Congo", "DRC", "Congo-Kinshasa"),
    ("Republic of the Congo", "Republic of Congo", "Congo-Brazzaville"),
    ("China", "People's Republic of China", "PRC", "Mainland China", "mainland China"),
    ("Taiwan", "Republic of China"),
    ("South Korea", "Republic of Korea", "ROK", "S. Korea"),
    ("North Korea", "Democratic People's Republic of Korea", "DPRK", "N. Korea"),
    ("Russia", "Russian Federation"),
    ("Soviet Union", "USSR", "U.S.S.R.", "Union of Soviet Socialist Republics"),
    ("Ivory Coast", "Côte d'Ivoire", "Cote d'Ivoire"),
    ("Czech Republic", "Czechia"),
    ("Myanmar", "Burma"),
    ("Eswatini", "Swaziland"),
    ("Cape Verde", "Cabo Verde"),
    ("East Timor", "Timor-Leste"),
    ("North Macedonia", "Republic of North Macedonia"),
    ("Turkey", "Türkiye"),
    ("Saudi Arabia", "Kingdom of Saudi Arabia", "KSA"),
    ("Syria", "Syrian Arab Republic"),
    ("Vatican City", "Holy See"),
    ("New South Wales", "NSW"),
    ("Washington, D.C.", "Washington D.C.", "Washington, DC", "Washington DC"),
    ("New York City", "NYC"),
)
