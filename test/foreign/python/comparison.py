"""What three ways of cloning carried, by what rhumb clone verify says of the results: figures, the
file that keeps them, and the tables of docs/comparison.md.
"""

import collections
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "comparison.json")
PAGE = os.path.join(HERE, "..", "..", "..", "docs", "comparison.md")
TOOLS = {"notebook": "the notebook, mended", "clone_items": "`clone_items`", "rhumb": "`rhumb clone run`"}
KINDS = {
    "users": "members", "roles": "custom roles", "groups": "groups", "folders": "folders", "items": "items", "relationships": "relationships",
}
OF_KIND = {"user": "users", "role": "roles", "group": "groups", "folder": "folders", "item": "items"}
MADE_BEFORE = ("users", "roles")  # for clone_items, which copies none


def figures(lines, tool):
    """Objects and fields of one verification, counted."""
    result = lines[-1]
    missing, altered, fields = collections.defaultdict(set), collections.defaultdict(set), collections.defaultdict(set)
    for line in lines:
        if line["type"] != "difference":
            continue
        if line["field"] == "(object)":
            missing[line["kind"]].add(line["source"])
            continue
        fields[f"{line['kind']} {line['field']}"].add(line["source"])
        # A share and a resource are told of their item.
        kind = "item" if line["kind"] in ("share", "resource") else line["kind"]
        altered[kind].add(line["source"].split("/")[0])
    objects = {}
    for kind in KINDS:
        counts = result[kind]
        system = counts["skipped"] if kind in ("users", "groups") else 0
        objects[kind] = {"source": counts["planned"] + counts["skipped"] - system, "carried": counts["matched"], "altered": 0}
    for kind, name in OF_KIND.items():
        gone = missing[kind]
        objects[name]["altered"] = len(altered[kind] - gone)
        objects[name]["carried"] = objects[name]["source"] - (result[name]["skipped"] if name in ("roles", "folders", "items") else 0) - len(gone)
    if tool == "clone_items":
        for kind in MADE_BEFORE:
            objects[kind] = None
    return {"objects": objects, "fields": {k: len(v) for k, v in sorted(fields.items())}, "unresolved": result["unresolved"], "by_reference": result["by_reference"]}


def load():
    with open(DATA, encoding="utf-8") as file:
        return json.load(file)


def save(data):
    with open(DATA, "w", encoding="utf-8") as file:
        json.dump(data, file, indent=1, sort_keys=True)
        file.write("\n")


def row(*cells):
    return "| " + " | ".join(str(c) for c in cells) + " |"


def tables(data):
    """The tables by the name of their place in the page."""
    tools = list(TOOLS)
    head = [row("", *TOOLS.values()), "|---" * (len(tools) + 1) + "|"]

    def cell(counts):
        if counts is None:
            return "made before¹"
        carried = f"{counts['carried']} of {counts['source']}"
        return carried + (f", {counts['altered']} altered" if counts["altered"] else "")

    objects = [row(title, *(cell(data[t]["objects"][kind]) for t in tools)) for kind, title in KINDS.items()]
    names = sorted({name for t in tools for name in data[t]["fields"]})
    fields = [row(name, *(data[t]["fields"].get(name, 0) or "" for t in tools)) for name in names]
    refused = [row("reason", "items"), "|---|---|"] + [row(reason, n) for reason, n in sorted(data["refused"].items())]
    return {"objects": "\n".join(head + objects), "fields": "\n".join(head + fields), "refused": "\n".join(refused)}


def parts(page, name):
    """The page before, in, and after the place of a table."""
    begin, end = f"<!-- {name}: from test/foreign/python/comparison.json -->\n", f"\n<!-- end of {name} -->"
    before, _, rest = page.partition(begin)
    inside, mark, after = rest.partition(end)
    if not mark:
        raise AssertionError(f"docs/comparison.md has no place for the table {name}")
    return before + begin, inside, mark + after


def written(data):
    """The page with the tables of data, and the page as it is."""
    with open(PAGE, encoding="utf-8") as file:
        was = page = file.read()
    for name, text in tables(data).items():
        before, _, after = parts(page, name)
        page = before + text + after
    return page, was


def update(data):
    save(data)
    page, _ = written(data)
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(page)
