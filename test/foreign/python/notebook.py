"""The steps of Esri's notebook that clones a portal, by the same public calls, with its faults mended.

    python notebook.py     clones RHUMB_FROM_URL into RHUMB_TO_URL and prints what became of it as JSON

The steps are the notebook's: members, groups with their members, items by member and folder, their
sharing, their relationships. The script is ours. A comment "mends N" names the fault by its number
in the list of the notebook's faults that docs/comparison.md gives. What belongs to its plan stays
as it is: references inside items are not rewritten (1), resources, properties, categories,
protection and registrations are not copied (16), nothing marks a copy (21).
"""

import json
import re
import secrets
import sys
import tempfile
import time

SYSTEM_USERS = ("system_publisher", "esri_nav", "esri_livingatlas", "esri_boundaries", "esri_demographics")
ROOT = "Root Folder"  # the name that the client gives it
ALL = 10_000
GROUP_PROPERTIES = (  # mends 10: with those that the notebook leaves out
    "title", "description", "tags", "snippet", "phone", "access", "isInvitationOnly", "isViewOnly", "autoJoin", "sortField", "sortOrder",
    "leavingDisallowed", "hiddenMembers", "membershipAccess", "displaySettings", "capabilities",
)
ITEM_PROPERTIES = (
    "title", "type", "typeKeywords", "description", "tags", "snippet", "extent", "spatialReference", "accessInformation", "licenseInfo", "culture", "url",
)
RELATIONSHIP_TYPES = (  # mends 19: all that a copy can have, not six
    "Map2Service", "Map2FeatureCollection", "WMA2Code", "MobileApp2Code", "Service2Data", "Service2Service", "Service2Style", "Style2Style",
    "WebStyle2DesktopStyle", "Service2Layer", "Service2Route", "Survey2Service", "Survey2Data", "SurveyAddIn2Data", "Map2AppConfig", "Map2IndoorsConfig",
    "Map2Area", "Area2Package", "Area2CustomPackage", "Item2Attachment", "Item2Report", "Theme2Story", "TrackView2Map", "WorkforceMap2FeatureService",
    "Solution2Item", "Mission2Item", "App2DependentApp", "Data2App",
)


class Clone:
    """One run: what it made, by source id, and what went wrong, by its cause."""

    def __init__(self, source, target):
        self.source, self.target = source, target
        self.users, self.groups, self.items, self.failures = {}, {}, {}, []
        self.roles, self.guests = {}, []

    def failed(self, what, error):
        # mends 4: the cause is the error's, not a guess.
        self.failures.append({"what": what, "error": f"{type(error).__name__}: {error}"[:300]})

    def run(self):
        members = [u for u in self.source.users.search(max_users=ALL) if u.username not in SYSTEM_USERS]  # mends 5: not the first 100
        self.copy_users(members)
        groups = [g for g in self.source.groups.search(max_groups=ALL) if g.owner not in SYSTEM_USERS and g.title != "Basemaps"]
        self.copy_groups(groups)
        shares = self.shares_of(groups)
        for user in members:
            self.copy_content(user, shares)
        for group in self.guests:
            group.remove_users([self.target.users.me.username])  # mends 10: who made a group for others leaves it, after the last item is shared
        self.copy_relationships()  # mends 19: when everything is there, instead of member by member
        return self

    # Members

    def copy_users(self, members):
        for user in members:
            there = self.target.users.get(user.username)
            if there is not None:
                # mends 2 and 3: who is there is used; nobody is deleted.
                self.users[user.username] = there.username
                continue
            try:
                self.users[user.username] = self.copy_user(user).username
            except Exception as error:
                self.failed(f"user {user.username}", error)

    def copy_user(self, user):
        first, last = user.get("firstName"), user.get("lastName")
        if not first and not last:
            first, _, last = (user.get("fullName") or user.username).rpartition(" ")  # mends 8: middle names stay, no name is invented
        made = self.target.users.create(
            username=user.username,
            password="Aa1-" + secrets.token_hex(12),  # mends 6: not one password for all
            firstname=first or "",
            lastname=last or "",
            email=user.email,
            role=self.role_of(user),  # mends 7: the custom role, not the name of its base
            description=user.get("description"),  # by name: the order of the arguments is another one today
            user_type=user.get("userLicenseTypeId"),
        )
        if made is None:
            raise RuntimeError("users.create gave no user")
        with tempfile.TemporaryDirectory() as folder:
            picture = user.download_thumbnail(folder) if user.get("thumbnail") else None  # mends 9: a file, not an address of the source
            made.update(
                access=user.access,
                preferred_view=user.get("preferredView"),
                description=user.get("description"),
                tags=user.get("tags"),
                thumbnail=picture,
                fullname=user.get("fullName"),
                culture=user.get("culture"),
                region=user.get("region"),
            )
        return made

    def role_of(self, user):
        """The role of the target that has the name of the user's, made where there is none."""
        role_id = user.get("roleId") or user.role
        if role_id.startswith("org_") or role_id.startswith("iAAAA") or role_id.startswith("iBBBB"):
            return role_id
        if role_id not in self.roles:
            role = self.source.users.roles.get_role(role_id)
            there = next((r for r in self.target.users.roles.all() if r.name == role.name), None)
            if there is None:
                there = self.target.users.roles.create(role.name, role.description)
                there.privileges = role.privileges
            self.roles[role_id] = there.role_id
        return self.roles[role_id]

    # Groups

    def copy_groups(self, groups):
        for group in groups:
            try:
                self.groups[group.id] = self.copy_group(group)  # mends 12: an id, whatever else fails
            except Exception as error:
                self.failed(f"group {group.title}", error)

    def copy_group(self, group):
        properties = {name: group.get(name) for name in GROUP_PROPERTIES if group.get(name) not in (None, "", [])}
        # mends 11: who sees a group stays as it is.
        with tempfile.TemporaryDirectory() as folder:
            if group.get("thumbnail"):
                properties["thumbnail"] = group.download_thumbnail(folder)
            made = self.target.groups.create_from_dict(properties)
        if made is None:
            raise RuntimeError("groups.create_from_dict gave no group")
        members = group.get_members()
        owner = members["owner"]
        try:
            self.fill_group(made, owner, members)
        except Exception as error:
            self.failed(f"members of group {group.title}", error)
        return made.id

    def fill_group(self, made, owner, members):
        me = self.target.users.me.username
        everyone = {"users": [n for n in members["users"] if n != me], "admins": [n for n in members.get("admins", []) if n not in (owner, me)]}
        if everyone["users"] or everyone["admins"]:
            result = made.add_users(everyone["users"] or None, admins=everyone["admins"] or None)  # mends 10: managers too
            if result.get("notAdded"):  # mends 10: the answer is read
                self.failed(f"members of group {made.title}", RuntimeError(", ".join(result["notAdded"])))
        if owner != me:
            if not made.reassign_to(owner):
                raise RuntimeError(f"not reassigned to {owner}")
            if me not in members["users"] and me not in members.get("admins", []):
                self.guests.append(made)

    def shares_of(self, groups):
        """The groups of the target by the item of the source that is shared with their originals."""
        shares = {}
        for group in groups:
            if group.id in self.groups:
                for item in group.content(max_items=ALL):  # mends 5
                    shares.setdefault(item.id, []).append(self.groups[group.id])
        return shares

    # Items

    def copy_content(self, user, shares):
        for folder in user.folders:
            # The client lists all items of a user where no folder is named, and the root folder by a name.
            name = None if folder.name == ROOT else folder.name
            if name:
                self.target.content.create_folder(name, user.username)  # mends 17: in the order of the arguments, by the folder's name
            for item in user.items(folder=folder.name, max_items=ALL):  # mends 5
                try:
                    copy = self.copy_item(user.username, name, item)  # mends 18: the owner's name, not the source's user
                    self.items[item.id] = copy.id
                    self.share(item, copy, shares.get(item.id, []))
                except Exception as error:
                    self.failed(f"{item.type} {item.title}", error)

    def copy_item(self, owner, folder, item):
        properties = {}
        for name in ITEM_PROPERTIES:  # mends 13: what is absent is not sent
            if item.get(name) not in (None, "", []):
                properties[name] = item.get(name)
        # mends 13: the copy of a hosted service does not look hosted.
        properties["typeKeywords"] = [k for k in item.typeKeywords if k != "Hosted Service"]
        with tempfile.TemporaryDirectory() as temporary:
            data = None
            if is_file(item):  # mends 14: by what the item is, not by a list of types
                data = item.download(temporary, item.name)
            else:
                text = item.get_data(try_json=False)  # mends 15: asked for, whatever size says
                if isinstance(text, bytes):
                    text = text.decode()
                if text:
                    properties["text"] = text
            picture = item.download_thumbnail(temporary) if item.get("thumbnail") else None
            metadata = xml(item.download_metadata(temporary)) if "Metadata" in item.typeKeywords else None
            copy = self.target.content.add(properties, data, picture, metadata, owner, folder)
        if copy is None:
            raise RuntimeError("content.add gave no item")
        return copy

    def share(self, item, copy, groups):
        if item.access in ("private", "shared") and not groups:
            return  # as it is; the client would refuse it for the items of others
        # mends 11: neither wider nor narrower.
        result = copy.share(
            everyone=item.access == "public",
            org=item.access in ("org", "public"),
            groups=groups,
            allow_members_to_edit=True,  # mends 20: without it groups that share control are refused
        )
        if result.get("notSharedWith"):  # mends 20: the answer is read
            self.failed(f"sharing of {item.type} {item.title}", RuntimeError(", ".join(result["notSharedWith"])))

    def copy_relationships(self):
        for source_id, target_id in list(self.items.items()):
            item = self.source.content.get(source_id)
            if not related(item, list(RELATIONSHIP_TYPES)):
                continue
            for kind in RELATIONSHIP_TYPES:
                for other in related(item, kind):
                    if other.id not in self.items:
                        self.failed(f"{kind} of {item.title}", RuntimeError(f"{other.title} was not copied"))
                        continue
                    try:
                        # mends 19: between two copies that are there, once.
                        copy, to = self.target.content.get(target_id), self.target.content.get(self.items[other.id])
                        if not copy.add_relationship(to, kind):
                            raise RuntimeError("not added")
                    except Exception as error:
                        self.failed(f"{kind} of {item.title}", error)


def is_file(item):
    """Whether the data of an item was uploaded as a file: then the item keeps the file's name."""
    return bool(item.name) and not item.url and re.search(r"\.\w+$", item.name) is not None


def xml(path):
    """The file, unless it holds the error that the portal answered with."""
    with open(path, "rb") as file:
        return path if file.read(64).lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<") else None


def related(item, kinds):
    try:
        return item.related_items(kinds)
    except Exception:
        return []  # a type of relationship that this portal does not know


def main():
    import sessions

    source, target = sessions.both()
    began = time.monotonic()
    clone = Clone(source, target).run()
    print(json.dumps({
        "seconds": time.monotonic() - began, "users": clone.users, "groups": clone.groups, "items": clone.items, "failures": clone.failures,
    }))


if __name__ == "__main__":
    sys.exit(main())
