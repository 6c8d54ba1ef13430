"""Whole clones from one portal to another: by the steps of Esri's notebook, by clone_items, and by
rhumb, which judges all three; and what rhumb makes of a clone that the package began.

RHUMB_UPDATE=1 writes comparison.json, the reasons in refusals.tsv and the tables of
docs/comparison.md anew. Where items of the demo changed, python cloneitems.py --refusals comes first.
"""

import collections
import contextlib
import csv
import json
import os
import subprocess
import sys
import unittest

import cloneitems
import comparison
import notebook
from arcgis.gis import GIS
from portal import PortalTest
from portals import Portal, rhumb, sides

HERE = os.path.dirname(os.path.abspath(__file__))
done = {}  # what setUpModule leaves for the tests
resources = contextlib.ExitStack()


def begin(script, source, target):
    """A program of this folder at work."""
    # What the client prints is not shown: it holds lines of it.
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", os.path.join(HERE, script)],
        env=sides(source, target), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )


def finish(process):
    out, _ = process.communicate(timeout=600)
    if process.returncode != 0:
        raise AssertionError(f"{os.path.basename(process.args[-1])} ended with {process.returncode}")
    return json.loads(out.splitlines()[-1])


def write_map(path, pairs):
    with open(path, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("source", "target"))
        rows.writerows(pairs.items())
    return path


def setUpModule():
    with contextlib.ExitStack() as stack:
        portals = {}
        for name in ("source", "notebook", "clone_items", "rhumb"):
            portals[name] = Portal(*(["--seed", "demo"] if name == "source" else []))
            stack.callback(portals[name].close)
        for portal in portals.values():
            portal.wait()
        source = portals["source"]
        programs = {"notebook": begin("notebook.py", source, portals["notebook"]), "clone_items": begin("cloneitems.py", source, portals["clone_items"])}
        for program in programs.values():
            stack.callback(program.wait)
            stack.callback(program.kill)
        journal = os.path.join(portals["rhumb"].folder.name, "journal")
        done["run"], _ = rhumb(source, portals["rhumb"], "run", "--journal", journal)
        made = {name: finish(program) for name, program in programs.items()}
        folder = portals["notebook"].folder.name
        maps = ["--map-items", write_map(os.path.join(folder, "items.csv"), made["notebook"]["items"]),
                "--map-groups", write_map(os.path.join(folder, "groups.csv"), made["notebook"]["groups"])]
        # Accounts and copies that are there are to be compared.
        done["verify"] = {
            "notebook": rhumb(source, portals["notebook"], "verify", "--update-existing", *maps)[0],
            "clone_items": rhumb(source, portals["clone_items"], "verify", "--update-existing")[0],
            "rhumb": rhumb(source, portals["rhumb"], "verify", "--journal", journal)[0],
        }
        done["portals"], done["made"] = portals, made
        resources.enter_context(stack.pop_all())


def tearDownModule():
    resources.close()


def found():
    """The figures of this run."""
    data = {tool: comparison.figures(done["verify"][tool], tool) for tool in comparison.TOOLS}
    data["refused"] = collections.Counter(reason for _, _, reason in done["made"]["clone_items"]["refused"] if reason)
    return data


class Notebook(PortalTest):
    def test_runs_to_its_end(self):
        made = done["made"]["notebook"]
        self.assertEqual(made["failures"], [])
        source = done["verify"]["rhumb"][-1]
        self.assertEqual(len(made["users"]), source["users"]["planned"])
        self.assertEqual(len(made["items"]), source["items"]["planned"] + source["items"]["skipped"])

    def test_lost_what_its_plan_leaves_out(self):
        fields = found()["notebook"]["fields"]
        for field in ("item data", "item leftover", "item url", "item protected", "item properties", "resource name"):
            self.assertIn(field, fields)


class CloneItems(PortalTest):
    """In which order the package copies what items show depends on their ids, which are new in every
    portal. An item that shows a service, by way of others, then takes its folder with it, or not.
    """

    def test_refuses_what_it_refused(self):
        made = done["made"]["clone_items"]
        for failure in made["failures"]:
            self.assertNotEqual(cloneitems.reason_of(failure["error"]), "another error", failure)
        self.assertLessEqual(len(made["failures"]), 2, "python cloneitems.py --refusals tells which items are refused")
        if os.environ.get("RHUMB_UPDATE") and not made["failures"]:
            cloneitems.write_refusals({(kind, title): reason for kind, title, reason in made["refused"]})
        refused = {(kind, title): reason for kind, title, reason in made["refused"]}
        self.assertEqual(set(refused), set(cloneitems.refusals()))
        for item, reason in cloneitems.refusals().items():
            # A story that depends on others may be refused with them.
            if reason or not made["failures"]:
                self.assertEqual(refused[item], reason, item)


class Comparison(PortalTest):
    def test_page_says_what_the_run_gave(self):
        data = json.loads(json.dumps(found()))
        if os.environ.get("RHUMB_UPDATE"):
            comparison.update(data)
        kept = comparison.load()
        hint = "run test/foreign/run.sh python test_clone with RHUMB_UPDATE=1 and read what changed"
        for tool in comparison.TOOLS:
            with self.subTest(tool):
                if tool == "clone_items" and done["made"]["clone_items"]["failures"]:
                    self.less(data[tool], kept[tool], hint)
                    continue
                self.assertEqual(data[tool], kept[tool], hint)
        if not done["made"]["clone_items"]["failures"]:
            self.assertEqual(data["refused"], kept["refused"], hint)
        page, was = comparison.written(kept)
        self.assertEqual(was, page, "docs/comparison.md is not made of comparison.json: " + hint)

    def less(self, data, kept, hint):
        """A run in which a folder was refused: some items fewer than the page says, and nothing else."""
        self.assertLessEqual(set(data["fields"]), set(kept["fields"]), hint)
        for kind, counts in kept["objects"].items():
            if kind != "items":
                self.assertEqual(data["objects"][kind], counts, f"{kind}: {hint}")
        items, wanted = data["objects"]["items"], kept["objects"]["items"]
        self.assertEqual(items["source"], wanted["source"], hint)
        self.assertLess(items["carried"], wanted["carried"], hint)
        self.assertGreater(items["carried"], wanted["carried"] - 40, hint)

    def test_rhumb_carries_what_it_says(self):
        self.assertEqual(found()["rhumb"]["fields"], {})
        self.assertEqual(done["run"][-1]["items"]["failed"], 0)


class Completion(PortalTest):
    """rhumb clone run onto what clone_items left."""

    def items(self, name):
        p = done["portals"][name]
        return GIS(p.url, p.user, p.password, set_active=False).content.search("", max_items=notebook.ALL)

    def copies(self):
        """The items of the target by the item of the source that their keywords name."""
        source = {item.id for item in self.items("source")}
        out = collections.defaultdict(list)
        for item in self.items("clone_items"):
            named = {k.removeprefix("source-") for k in item.typeKeywords if k.startswith("source-")} & source
            out[",".join(sorted(named))].append((item.id, item.owner, item.type, item.title))
        return out, source

    def test_completes_without_doubles(self):
        source, target = done["portals"]["source"], done["portals"]["clone_items"]
        journal = os.path.join(target.folder.name, "journal")
        before, _ = self.copies()
        self.assertNotIn("", before)
        report = os.path.join(target.folder.name, "report.json")
        lines, code = rhumb(source, target, "run", "--journal", journal, "--report", report)
        result = lines[-1]
        items = result["items"]
        with open(report, encoding="utf-8") as file:
            objects = [o for o in json.load(file)["objects"] if o["kind"] == "item"]
        matched = {o["source"]: o["target"] for o in objects if o["action"] == "match"}
        skipped = {o["source"] for o in objects if o["action"] == "skip"}
        self.assertEqual({k: v for k, v in before.items() if k not in skipped and [i[0] for i in v] != [matched.get(k)]}, {}, "not recognized")
        self.assertEqual(items["matched"], len(set(before) - skipped))
        self.assertEqual(items["created"], items["planned"] - items["matched"])
        self.assertEqual((items["updated"], items["failed"], items["blocked"]), (0, 0, 0))
        self.assertEqual(result["groups"]["created"], result["groups"]["planned"])
        after, everything = self.copies()
        self.assertEqual({k: v for k, v in after.items() if len(v) != 1}, {})
        self.assertEqual(everything - set(after), skipped - set(before))
        self.assertEqual({k: v for k, v in after.items() if k in before}, before)

        # What still differs are the copies of the package, and nothing that rhumb made.
        self.assertEqual(code, 3)
        # A resource is told of as ITEM/NAME.
        ours = [line for line in lines if line["type"] == "difference" and line["source"][:32] not in before]
        self.assertEqual([(d["kind"], d["field"], d.get("title"), d["want"], d["got"]) for d in ours], [])

        lines, code = rhumb(source, target, "run", "--journal", journal, "--update-existing")
        # An update takes away neither data nor a keyword of the portal's own, and renames no file whose bytes are the same.
        self.assertEqual([line for line in lines if line["type"] == "failure"], [])
        left = {(d["kind"], d["field"]) for d in lines if d["type"] == "difference" and not (d["field"] == "data" and d["want"] == "no data")}
        self.assertLessEqual(left, {("item", "name"), ("item", "typeKeywords")})
        self.assertEqual(code, 3)
        self.assertEqual(lines[-1]["items"]["created"], 0)
        self.assertEqual(lines[-1]["items"]["updated"], items["matched"])
        self.assertEqual(set(self.copies()[0]), set(after))
