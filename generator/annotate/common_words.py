"""Common words: English words with a capital that are no name, or only a part of one. Data for `context` and `names`.

Other languages have no such lists: there a word is no name if the archive also has it in small letters.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CAPITALISED_LANGUAGES = _words("de lb nds gsw bar")
"""Languages that write every noun with a capital: there a capital says nothing."""

SMALL_WORDS = _words("""
    a about according after all also although among amid an and another any anyone are as at be because
    been before being both but by can could despite did do does due during each earlier either even
    every few first following for former from further furthermore had has have he hence her here hers
    his how however i if in including indeed instead into is it its just last lastly later like many may
    maybe me meanwhile more moreover most much my neither nevertheless next no nobody none nor not
    nothing now of on once one only or other others our over per perhaps please rather recently several
    she should similarly since so some somebody something soon still such than thank thanks that the
    their them then there thereafter therefore these they this those though through throughout thus to
    today together tomorrow tonight too under unlike until unless up upon us-based was we well were
    what whatever when whenever where whereas whether which while who whoever whom whose why will with
    within without would yes yesterday yet you your i'm i've
    i'd i'll it's we're we've we'll he's she's they're you're that's there's don't can't didn't isn't
    let's
    """)
"""They begin sentences and headlines, and end whatever name went before."""

CALENDAR = _words("""
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december jan feb mar apr jun jul aug sept sep oct nov dec utc gmt
    est edt cst pst pdt cet bst a.m p.m am pm
    """)

TITLES = _words("""
    president minister premier chancellor secretary secretary-general ambassador governor mayor senator
    congressman congresswoman representative councillor councilman councilwoman commissioner spokesman
    spokeswoman spokesperson director professor chairman chairwoman chairperson speaker judge sheriff
    captain lieutenant sergeant colonel major-general lieutenant-general officer detective inspector
    superintendent constable treasurer vice-president whip mp mps mep ceo cfo coo cto mr mrs ms miss dr
    prof sir dame lord lady sen rep gov gen col lt sgt capt rev hon presidents ministers senators
    governors leader deputy
    """)
"""Said before a person's name. Pope, King and Saint are not among them: they belong to the name."""

BEFORE_TITLES = _words("""
    prime vice deputy foreign health defence defense finance interior home education environment justice
    trade energy transport emergencies agriculture culture labor labour immigration treasury attorney
    chief former acting first second executive press state interim opposition shadow party majority
    minority general presidential assistant managing creative technical senior junior special high
    police fire communications operations regional federal national co-founder founder medical security
    """)
"""They belong to the title that follows them: `Prime Minister`, `Chief Executive Officer`."""

AFTER_SECRETARY_OF = _words("""
    state defense defence health education energy labor commerce transportation the interior agriculture
    treasury house homeland war
    """)

ABBREVIATIONS = _words("mr mrs ms dr st sen rep gov gen col lt sgt capt prof rev jr sr mt ft hon maj")
"""A full stop after one of these ends no sentence."""

BODIES = _words("""
    academy administration agency alliance assembly association authority board bureau campaign center
    centers centre centres coalition college commission committee confederation conference congress
    convention council court department faculty federation forum foundation front fund group institute
    institution league ministry movement museum network office organisation organization party programme
    program school service services society trust union university
    """)
"""`Committee on Foreign Relations`: after these, `for` and `on` go on with the name, a later `and` too."""

ARTICLES_BEFORE_NAMES = _words("al el as ash an at ad ar az ul ut")
"""`al-Assad`, `ash-Shams`: in front of a hyphen they belong to the name, where `pro-` and `then-` do not."""

JOINING = _words("""
    of de del della di da dos das du des van von der den ter bin ibn bint al el ul la las los le zu
    """)
"""Small words inside a name: `University of Damascus`, `Ursula von der Leyen`."""

HEADS = _words("""
    Accord Accords Agreement Airline Airlines Airport Airways Arena Association Avenue Award Bank
    Boulevard Broadcasting Championship Championships Chronicle Club College Convention Cup Daily
    Declaration Derby Exchange Express Festival Foundation Gazette Herald Hotel Institute Journal Magazine
    Marathon Mail News Observer Olympics Open Orchestra Post Press Prize Protocol Radio Records Review
    Road Rovers Standard Star Street Studios Sun Symphony Telegraph Television Times Today Treaty Tribune
    Trust University Wanderers Weekly
    """)
"""They follow the name of a place in names of other things: `New York Times`, `Arizona State University`."""

MORE_HEADS = _words("""
    Academy Act Administration Agency Army Assembly Authority Base Board Bridge Brigade Bureau Campus
    Cathedral Center Centre Church Commission Committee Conference Corps Council County Court Department
    Federation Force Forces Fund Games Government Guard Hall Hospital House Island Islands
    Laboratory League Library Ministry Mosque Movement Museum National Navy Network Office Organisation
    Organization Palace Park Parliament Party Pictures Police Prison Program Programme Project Reserve
    School Senate Series Service Services Society Square Stadium State Station Store Temple Theatre
    Tower Union Valley War Works
    """)
"""They make something else of other names only: `the US Army` still speaks of the United States."""

GENERIC = _words("""
    American Arab Asian African Bank Banque British Canadian Central Chinese Christian City College
    Committee Communist Congress Council Democratic Department East Eastern European Federal Federation
    First Foreign Free French General German Global Government Grand Great Green High House Independent
    Indian Institute International Islamic Israeli Italian Japanese Joint Labour Latin Liberal Middle
    Military Ministry Movement National New North Northern Office Old Organization Organisation Party
    Peace People's Popular Public Red Republican Research Royal Russian Saint Second Security Social
    South Southern State Supreme Syrian The Turkish Union United University West Western White Women's
    World Young
    """)
"""They begin the names of so many bodies that none of these is meant by them alone: `National`, `Syrian`."""
