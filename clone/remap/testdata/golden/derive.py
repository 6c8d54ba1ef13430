#!/usr/bin/env python3
"""Writes the golden pairs of the typed rules: RULE/NAME.in, RULE/NAME.want and RULE/map.json.

    python3 derive.py CORPUS

CORPUS is the folder of the published files that PROVENANCE.md names. Each pair is one document
before and after, and what becomes of it is written down here by hand, path by path: new() says
what an id becomes, the tables below which values change and how. Nothing of the Go package is
used. A pair whose source ids or addresses appear where no change is written down, and no
reason to keep them, is refused.
"""
import copy, io, json, os, re, sys, zipfile

CORPUS = sys.argv[1]
HERE = os.path.dirname(os.path.abspath(__file__))

OLD, NEW = "https://portal.example.org/portal", "https://maps.city.example/arc"
HOSTED = "https://services.arcgis.com/EXAMPLEORG/arcgis/rest/services"
STOPS, STOPS_NEW = HOSTED + "/AdoptAStops_public/FeatureServer", "https://maps.city.example/server/rest/services/Hosted/AdoptAStops_public/FeatureServer"
TILES, TILES_NEW = HOSTED + "/Blocks/MapServer", "https://maps.city.example/server/rest/services/Hosted/Blocks/MapServer"

MAP = "fb3b48ca926f468ebfe4313654e2dda5"       # Web Map
DASHMAP = "e98d610d1e05497988a8be262143c977"   # Web Map
DASHBOARD = "3829210db58a4a32a6ba3d9d2f69403e"
LAYER = "8a0893e8b96e419ea05020340fefa63c"     # Feature Service of STOPS
BLOCKS = "d6a408381fcf4c84a0f006798fa059c3"    # Map Service of TILES
APP = "5dd0f890879d45e191ebebb66f167516"
WAB, WABMAP = "2d2d176f5f3e43a985a31649e213aaf4", "db18a5079e7748589971a703e4684341"
GROUP = "cdf436c3d33b4fa387fec9212b1d3c50"
FOLDER = "92646c2af997cc9d3b3bec60601d3082"
SITE = "01f104f4acfa4bd9b8ffb443d669b2ed"
PAGE = "293d02c396774e74963cfe64ad5adfcb"
EXB, EXBMAP = "c87cb08010db4e88aa90f612cba7f6f2", "8644de121e434a368a6221c0498e4e47"
STORY, STORYMAP, STORY2 = "bce0eca488ab47a3b25f63ddca34e679", "7cde2828cb7042e39930412313935372", "77e8b0e3d393497190735e03f05b2d69"
TOURMAP, SERIESMAP = "5149f4987d904cad9dd5095cad3d4194", "8022da92296c4b408bbbf967a862530e"
FORM, FORMFS = "4efe5f693de34620934787ead6693f11", "4efe5f693de34620934787ead6693f10"
QC = "9da79c91fc7642ebb4c0bbacfbacd510"
WF = {k: v for k, v in zip("worker dispatcher dispatchers assignments workers tracks".split(), (
    "abc116555b16437f8435e079033128d0", "abc26a244163430590151395821fb845", "abc302ec12b74d2f9f2b3cc549420086",
    "abc4494043c3459faabcfd0e1ab557fc", "abc5dd4bdd18437f8d5ff1aa2d25fd7c", "abc64329e69144c59f69f3f3e0d45269"))}
WFGROUP, WFFOLDER, WFMAP = "abc715c2df2b466da05577776e82d044", "abc8483e025c47338d43df308c117308", "cad3483e025c47338d43df308c117308"
WF2, WF2GROUP, WF2DMAP, WF2WMAP = "47e0189b806b4151b891a6aa4643e5d8", "733f169eddb3451a9901abc8bd3d4ad4", "af20c97da8864abaaa35a6fcfebcfaa4", "686c1f6b308e4fa7939257811c604be1"
NB, NBGROUP = "65b0ce4cfa2145eb8ce90122e54029e6", "0dd43178863545fbb5526278e1bdfc4c"
SCENELAYERS = ["01f432dabdc845bb899cdd27143e1ea6", "92a41da913484354bb51791247f06ed6", "6e613156d2f14692b03cb94f0ddd5ec5"]
RTA = "e620910ed73b4780b5407112d8f1ce30"
STYLE = "3b927de78a784a5aa3981469d85cf45d"

ITEMS = [MAP, DASHMAP, DASHBOARD, LAYER, BLOCKS, APP, WAB, WABMAP, SITE, PAGE, EXB, EXBMAP, STORY, STORYMAP, STORY2, TOURMAP,
         SERIESMAP, FORM, FORMFS, QC, *WF.values(), WFMAP, WF2, WF2DMAP, WF2WMAP, NB, *SCENELAYERS, RTA, STYLE]
GROUPS = [GROUP, WFGROUP, WF2GROUP, NBGROUP]
FOLDERS = [FOLDER, WFFOLDER]

FAILED = "e64e162c1fbb41db8b88509afaf6a0c6"    # was to be copied and could not be
OTHER = "43a4a0dbf9914f93bf0657f7839fa655"     # an item of another portal
UNKNOWN = "d17c3732ceb04e62917d9444863a6c28"   # nobody knows


def new(id):
    assert id in ITEMS + GROUPS + FOLDERS, id
    return "ffff" + id[4:]


BASE = {
    "Items": {i: new(i) for i in ITEMS},
    "Groups": {i: new(i) for i in GROUPS},
    "Folders": {i: new(i) for i in FOLDERS},
    "Users": {"gis_publisher": "city_publisher"},
    "ClientIDs": {"Ab12Cd34Ef56Gh78": "Zy98Xw76Vu54Ts32"},
    "Lacking": {FAILED: "item"},
    "Sites": {"adopt_a_stop": "adopt-a-stop-2"},
    "Hosts": {"https://stops-town.hub.arcgis.com": "https://stops.city.example"},
    "Source": [OLD, "https://town.maps.arcgis.com", "https://dc.mapsqa.arcgis.com"],
    "Target": NEW,
    "Services": [
        {"From": STOPS, "To": STOPS_NEW, "Item": LAYER, "Layers": {"0": 4, "1": 1, "10": 11}},
        {"From": TILES, "To": TILES_NEW, "Item": BLOCKS, "Layers": {"0": 5, "2": 0, "3": 3}},
    ],
    "ServiceRoots": [HOSTED],
}

rules = {}  # rule -> cases
GONE = object()


def corpus(name):
    with open(os.path.join(CORPUS, name)) as f:
        return json.load(f)


def steps(path):
    return [int(s) if s.isdigit() else s.replace("\0", "/") for s in path.split("/")]


def put(doc, path, value):
    *way, last = steps(path)
    for s in way:
        doc = doc[s]
    if value is GONE:
        del doc[last]
    else:
        assert (last < len(doc)) if isinstance(last, int) else last in doc, path
        assert doc[last] != value, "no change at " + path
        doc[last] = value


def rekey(doc, path, key):
    *way, last = steps(path)
    for s in way:
        doc = doc[s]
    pairs = [(key if k == last else k, v) for k, v in doc.items()]
    doc.clear()
    doc.update(pairs)


def case(rule, name, kind, doc, changes, keys=(), part="data", keywords=(), unresolved=(), external=(), by_reference=(),
         warnings=0, keep=(), item=None, email="", raw=None):
    """One pair. changes: path -> new value; keys: path of a member -> its new key, done last."""
    want = copy.deepcopy(doc)
    for path, value in changes.items():
        put(want, path, value)
    for path, key in keys:
        rekey(want, path, key)
    dump = lambda d: json.dumps(d, indent=1, ensure_ascii=False).encode()
    write(rule, name, kind, dump(doc), dump(want), part, keywords, unresolved, external, by_reference, warnings, keep, item, email)


def text(rule, name, kind, doc, changes, **more):
    """One pair of a text that is not JSON. changes: old -> (new, how often)."""
    want = doc
    for old, (to, times) in changes.items():
        assert want.count(old) == times, (old, want.count(old))
        want = want.replace(old, to)
    args = dict(part="data", keywords=(), unresolved=(), external=(), by_reference=(), warnings=0, keep=(), item=None, email="")
    args.update(more)
    write(rule, name, kind, doc.encode(), want.encode(), **args)


def write(rule, name, kind, before, after, part, keywords, unresolved, external, by_reference, warnings, keep, item, email):
    leftover(rule, name, after.decode(), keep)
    folder = os.path.join(HERE, rule)
    os.makedirs(folder, exist_ok=True)
    for ext, data in (".in", before), (".want", after):
        with open(os.path.join(folder, name + ext), "wb") as f:
            f.write(data)
    rules.setdefault(rule, {})[name] = {
        "Type": kind, "Keywords": list(keywords), "ID": item or MAP, "OwnerEmail": email, "Part": part,
        "Unresolved": list(unresolved), "External": list(external), "ByReference": list(by_reference), "Warnings": warnings,
    }


def leftover(rule, name, after, keep):
    for k in keep:
        assert k in after, (rule, name, k)
        after = after.replace(k, "")
    for id in ITEMS + GROUPS + FOLDERS:
        m = re.search(r"(?<![0-9a-zA-Z])%s(?![0-9a-zA-Z])" % id, after, re.I)
        assert not m, (rule, name, id, after[max(0, m.start() - 80):m.end() + 20])
    for address in "portal.example.org/portal", "town.maps.arcgis.com", "dc.mapsqa", STOPS + "/", TILES + "/":
        assert address not in after, (rule, name, address)


# What every rule must bear: near misses, an id in upper case, an item of another portal, one that
# failed, and services of which one address begins the other.
NASTY = {
    "near31": LAYER[1:], "near33": "0" + LAYER, "near33b": LAYER + "0", "near64": MAP + LAYER, "dashed": "8a0893e8-b96e-419e-a050-20340fefa63c",
    "hash": "md5:" + UNKNOWN, "globalId": "{8A0893E8-B96E-419E-A050-20340FEFA63C}", "upper": LAYER.upper(),
    "other": "https://gis.example.net/portal/home/item.html?id=" + OTHER, "failed": [FAILED],
    "one": STOPS + "/1", "ten": STOPS + "/10", "hundred": STOPS + "/100", "service2": HOSTED + "/AdoptAStops_public/FeatureServer2/1",
    "suffix": HOSTED + "/AdoptAStops_public2/FeatureServer/1",
    "image": "data:image/png;base64,iVBORw0KGgo//8a0893e8", "extent": [[-85.1, 37.2], [1e-7, 12345678901234567890]],
}
NASTY_WANT = {
    "upper": new(LAYER), "one": STOPS_NEW + "/1", "ten": STOPS_NEW + "/11", "hundred": STOPS_NEW + "/100",
}
NASTY_UNRESOLVED = ["$.nasty.failed[0] item %s lacking" % FAILED, "$.nasty.hundred layer %s/100" % STOPS]
NASTY_EXTERNAL = ["$.nasty.other item %s on gis.example.net" % OTHER]
NASTY_BY_REFERENCE = ["$.nasty.service2 service " + NASTY["service2"], "$.nasty.suffix service " + HOSTED + "/AdoptAStops_public2/FeatureServer"]
NASTY_KEEP = (NASTY["near31"],)


def nasty(rule, kind, doc, changes, name="nasty", unresolved=(), external=(), warnings=0, keys=(), keep=(), before=True, **more):
    doc = dict(doc, nasty=copy.deepcopy(NASTY))
    changes = dict(changes, **{"nasty/" + k: v for k, v in NASTY_WANT.items()})
    case(rule, name, kind, doc, changes, keys, unresolved=list(unresolved) + NASTY_UNRESOLVED, external=list(external) + NASTY_EXTERNAL,
         by_reference=NASTY_BY_REFERENCE, warnings=warnings, keep=tuple(keep), **more)


def items(path):
    return OLD + "/sharing/rest/content/items/" + path


def items_new(path):
    return NEW + "/sharing/rest/content/items/" + path


exec(open(os.path.join(HERE, "derive_cases.py")).read())

for rule, cases in rules.items():
    with open(os.path.join(HERE, rule, "map.json"), "w") as f:
        json.dump({"Map": BASE, "Cases": cases}, f, indent=1)
        f.write("\n")
