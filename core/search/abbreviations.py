"""What people shorten in names and addresses, and how.  Pure.

Each line is ``long short other…``: the word, the short form that stands on mail, and other forms that are
commonly written.  Streets, units and directions are those of the postal service's Publication 28, appendices
C1 and C2 and section 233.
"""

DIRECTIONS = """
north n no nth
south s so sth
east e
west w
northeast ne
northwest nw
southeast se
southwest sw
"""

UNITS = """
apartment apt
basement bsmt
building bldg
department dept
floor fl flr
front frnt
hangar hngr
lobby lbby
lot lt
lower lowr
office ofc
penthouse ph
room rm
space spc
suite ste
trailer trlr trlrs
unit
upper uppr
"""

STREETS = """
alley aly allee ally
anex anx annex annx
arcade arc
avenue ave av aven avenu avn avnue
bayou byu bayoo
beach bch
bend bnd
bluff blf bluf
bluffs blfs
bottom btm bot bottm
boulevard blvd boul boulv
branch br brnch
bridge brg brdge
brook brk
brooks brks
burg bg
burgs bgs
bypass byp bypa bypas byps
camp cp cmp
canyon cyn canyn cnyn
cape cpe
causeway cswy causwa
center ctr cen cent centr centre cnter cntr
centers ctrs
circle cir circ circl crcl crcle
circles cirs
cliff clf
cliffs clfs
club clb
common cmn
commons cmns
corner cor
corners cors
course crse
court ct crt
courts cts
cove cv
coves cvs
creek crk
crescent cres crsent crsnt
crest crst
crossing xing crssng crssing
crossroad xrd
crossroads xrds
curve curv
dale dl
dam dm
divide dv div dvd
drive dr driv drv
drives drs
estate est
estates ests
expressway expy exp expr express expw
extension ext extn extnsn
extensions exts
falls fls
ferry fry frry
field fld
fields flds
flat flt
flats flts
ford frd
fords frds
forest frst forests
forge frg forg
forges frgs
fork frk
forks frks
fort ft frt
freeway fwy freewy frway frwy
garden gdn gardn grden grdn
gardens gdns grdns
gateway gtwy gatewy gatway gtway
glen gln
glens glns
green grn
greens grns
grove grv grov
groves grvs
harbor hbr harb harbr hrbor
harbors hbrs
haven hvn
heights hts ht
highway hwy highwy hiway hiwy hway
hill hl
hills hls
hollow holw hllw hollows holws
inlet inlt
island is islnd
islands iss islnds
isle isles
junction jct jction jctn junctn juncton
junctions jcts jctns
key ky
keys kys
knoll knl knol
knolls knls
lake lk
lakes lks
landing lndg lndng
lane ln
light lgt
lights lgts
loaf lf
lock lck
locks lcks
lodge ldg ldge lodg
loop loops
manor mnr
manors mnrs
meadow mdw
meadows mdws medows
mill ml
mills mls
mission msn missn mssn
motorway mtwy
mount mt mnt
mountain mtn mntain mntn mountin mtin
mountains mtns mntns
neck nck
orchard orch orchrd
oval ovl
overpass opas
park prk
parkway pkwy parkwy pkway pky
parkways pkwys
passage psge
path paths
pike pikes
pine pne
pines pnes
place pl
plain pln
plains plns
plaza plz plza
point pt
points pts
port prt
ports prts
prairie pr prr
radial radl rad radiel
ranch rnch ranches rnchs
rapid rpd
rapids rpds
rest rst
ridge rdg rdge
ridges rdgs
river riv rvr rivr
road rd
roads rds
route rte
shoal shl
shoals shls
shore shr shoar
shores shrs shoars
skyway skwy
spring spg spng sprng
springs spgs spngs sprngs
spur spurs
square sq sqr sqre squ
squares sqs sqrs
station sta statn stn
stravenue stra strav straven stravn strvn strvnue
stream strm streme
street st strt str
streets sts
summit smt sumit sumitt
terrace ter terr
throughway trwy
trace trce traces
track trak tracks trk trks
trafficway trfy
trail trl trails trls
tunnel tunl tunel tunls tunnels tunnl
turnpike tpke trnpk turnpk
underpass upas
union un
unions uns
valley vly vally vlly
valleys vlys
viaduct via vdct viadct
view vw
views vws
village vlg vill villag villg villiage
villages vlgs
ville vl
vista vis vist vst vsta
walk walks
way wy
well wl
wells wls
"""

ORDINALS = """
first 1st
second 2nd
third 3rd
fourth 4th
fifth 5th
sixth 6th
seventh 7th
eighth 8th
ninth 9th
tenth 10th
eleventh 11th
twelfth 12th
thirteenth 13th
fourteenth 14th
fifteenth 15th
sixteenth 16th
seventeenth 17th
eighteenth 18th
nineteenth 19th
twentieth 20th
thirtieth 30th
fortieth 40th
fiftieth 50th
"""

NAMES = """
association assn assoc
brothers bros
church ch
company co
corporation corp
county co cnty
department dept
fort ft
hospital hosp
incorporated inc
junior jr
limited ltd
management mgmt mgt
manufacturing mfg
mount mt
properties props
property prop
reverend rev
school sch
senior sr
trust tr
university univ
"""
"""Of people and firms."""

IN_FRONT = {"st": "saint", "dr": "doctor"}
"""Short for this only in front of a name: “St Charles Rd” is a saint, “Charles St” is a street."""

PARTICLES = """
mc mac de la las los del della van von der den le du di da dos el o san santa
"""
"""Words in front of a name that many write together with it: De La Cruz is Delacruz to them."""
