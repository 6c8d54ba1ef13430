"""Keeps the suite complete: what docs/coverage.md calls done is called by a test of this folder, or
listed here with the reason why none calls it.

Classes are watched while the tests run: a call counts where the caller is a file of this folder,
so that what the package calls on its own way does not.
"""

import functools
import os
import re
import sys

import arcgis.gis

import portal

HERE = os.path.dirname(os.path.abspath(__file__))
COVERAGE = os.path.join(HERE, "..", "..", "..", "docs", "coverage.md")

# What no test can call, by class and member.
REASONS = {
    "ContentManager.clone_items": "the tests of clones call it in a process of its own",
}

called = set()


def here():
    """Whether the code that calls a watched member is a test's."""
    frame = sys._getframe(2)
    while frame.f_code.co_name in ("__getattribute__", "__getattr__"):  # stand between, for some classes
        frame = frame.f_back
    return os.path.dirname(os.path.abspath(frame.f_code.co_filename)) == HERE


def watch_function(key, function):
    @functools.wraps(function)
    def watched(*args, **kwargs):
        if here():
            called.add(key)
        return function(*args, **kwargs)

    return watched


def watch_property(key, old):
    def reads(self):
        if here():
            called.add(key)
        return old.fget(self)

    def writes(self, value):
        if here():
            called.add(key)
        old.fset(self, value)

    return property(reads, writes if old.fset else None, old.fdel, old.__doc__)


def members():
    """The members of the reference that are done, by class, from the table of the documents."""
    found, section = {}, None
    with open(COVERAGE, encoding="utf-8") as table:
        for line in table:
            if heading := re.match(r"#+ (\w+)$", line):
                section = heading[1]
            elif row := re.match(r"\| `(\w+)` \|.*\| done \|$", line):
                found.setdefault(section, []).append(row[1])
    return found


def classes():
    """The classes behind the names of the reference."""
    gis = portal.admin()
    return {
        "GIS": arcgis.gis.GIS, "Item": arcgis.gis.Item, "User": arcgis.gis.User, "Group": arcgis.gis.Group, "Role": arcgis.gis.Role,
        "CategorySchemaManager": type(gis.content.categories), "ContentManager": type(gis.content), "UserManager": type(gis.users),
        "GroupManager": type(gis.groups), "RoleManager": type(gis.users.roles), "ResourceManager": arcgis.gis.ResourceManager,
    }


def watch():
    """Begins to record, before the first test."""
    known = classes()
    for name, listed in members().items():
        for member in listed:
            old = getattr(known.get(name), "__dict__", {}).get(member)
            if isinstance(old, property):
                setattr(known[name], member, watch_property(f"{name}.{member}", old))
            elif callable(old):
                setattr(known[name], member, watch_function(f"{name}.{member}", old))


def every_member_is_driven():
    """The last test: fails with the names of what no test called."""
    listed = {f"{name}.{member}" for name, names in members().items() for member in names}
    assert len(listed) > 100, f"{len(listed)} members in {os.path.basename(COVERAGE)}"
    missing = sorted(listed - called - set(REASONS))
    assert not missing, f"no test calls {', '.join(missing)}"
    idle = sorted(name for name in REASONS if name in called)
    assert not idle, f"called, and listed as not: {', '.join(idle)}"
