"""content.clone_items, called for the content of each member, folder by folder.

    python cloneitems.py                clones RHUMB_FROM_URL into RHUMB_TO_URL and prints what became of it as JSON
    python cloneitems.py --refusals     tries each item alone instead, and writes refusals.tsv

It copies no members, and it copies groups only where items name them: the accounts that are to own
the copies are made first, as notebook.py makes them. Service items are left out, for their services
do not exist. Where one item of a call cannot be copied, nothing of the call is left on the target:
those items are set apart, by refusals.tsv, and tried alone when everything else is there. A reason
that is empty in that file: then the item is copied.
"""

import csv
import json
import logging
import os
import sys
import time

import notebook

HERE = os.path.dirname(os.path.abspath(__file__))
REFUSALS = os.path.join(HERE, "refusals.tsv")
SERVICES = ("WMS", "WFS", "WMTS")
# What shows other items is copied after them: else the client copies these as well, beside it.
APPS = ("Web Mapping Application", "StoryMap", "Web Experience", "Dashboard", "Operation View", "Hub Site Application", "Site Application", "Site Page", "Solution")


def is_service(item):
    return item.type.endswith(" Service") or item.type in SERVICES


def places(portal):
    """Owner, folder and items of each folder with items other than services: apps come last. The
    root folder is named, for the client ignores the owner where no folder is.
    """
    apps = []
    for user in portal.users.search(max_users=notebook.ALL):
        if user.username in notebook.SYSTEM_USERS:
            continue
        for folder in user.folders:
            items = [i for i in user.items(folder=folder.name, max_items=notebook.ALL) if not is_service(i)]
            first = [i for i in items if i.type not in APPS]
            if first:
                yield user.username, folder.name, first
            if len(first) < len(items):
                apps.append((user.username, folder.name, [i for i in items if i.type in APPS]))
    yield from apps


def key(item):
    """What names an item of the demo in a file: ids are new in every portal."""
    return item.type, item.title


def refusals():
    """Why an item is refused, by its key."""
    if not os.path.exists(REFUSALS):
        return {}
    with open(REFUSALS, newline="", encoding="utf-8") as file:
        return {(row["type"], row["title"]): row["reason"] for row in csv.DictReader(file, delimiter="\t")}


def reason_of(error):
    """The sort of an error, in words of ours."""
    text = str(error)
    for mark, reason in (
        ("nothing at this address", "needs a service"),
        ("groupDesignations", "names a group"),
        ("'url'", "needs the address of a utility service of the target"),
        ("positive integer", "has no file"),
        ("_gis", "names an item that does not exist"),
    ):
        if mark in text:
            return reason
    return "another error"


class Clone:
    def __init__(self, source, target, refused=None):
        self.source, self.target = source, target
        self.refused = refusals() if refused is None else refused
        self.calls, self.reasons, self.failures = 0, {}, []

    def accounts(self):
        """Makes the accounts that are to own the copies."""
        made = notebook.Clone(self.source, self.target)
        made.copy_users([u for u in self.source.users.search(max_users=notebook.ALL) if u.username not in notebook.SYSTEM_USERS])
        self.failures += made.failures

    def copy(self, items, owner, folder):
        self.calls += 1
        return self.target.content.clone_items(items, folder=folder, owner=owner)

    def alone(self, item, owner, folder):
        """Why an item is refused, "" where it is not."""
        try:
            self.copy([item], owner, folder)
            return ""
        except Exception as error:
            return reason_of(error)

    def try_each(self):
        for owner, folder, items in places(self.source):
            for item in items:
                self.reasons[key(item)] = self.alone(item, owner, folder)
        return self

    def run(self):
        apart = []
        for owner, folder, items in places(self.source):
            apart += [(item, owner, folder) for item in items if key(item) in self.refused]
            together = [item for item in items if key(item) not in self.refused]
            if not together:
                continue
            try:
                self.copy(together, owner, folder)
            except Exception as error:
                self.failures.append({"what": f"{owner}/{folder}", "error": f"{type(error).__name__}: {error}"[:300]})
        for item, owner, folder in apart:
            self.reasons[key(item)] = self.alone(item, owner, folder)
        return self


def write_refusals(reasons):
    with open(REFUSALS, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, delimiter="\t", lineterminator="\n")
        rows.writerow(("type", "title", "reason"))
        rows.writerows((*k, reason) for k, reason in sorted(reasons.items()))


def main():
    import sessions

    logging.disable(logging.WARNING)
    source, target = sessions.both()
    clone = Clone(source, target)
    clone.accounts()
    if sys.argv[1:] == ["--refusals"]:
        write_refusals({k: reason for k, reason in clone.try_each().reasons.items() if reason})
        return
    began = time.monotonic()
    clone.run()
    print(json.dumps({
        "seconds": time.monotonic() - began, "calls": clone.calls, "failures": clone.failures,
        "refused": [[*k, reason] for k, reason in sorted(clone.reasons.items())],
    }))


if __name__ == "__main__":
    sys.exit(main())
