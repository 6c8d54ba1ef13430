"""Folders, files beside items, and files of the organization."""

import io
import json
import zipfile

from plain import Reader
from portal import BLUE, CSV, RED, PortalTest, admin, member, unique


class Folders(PortalTest):
    @classmethod
    def setUpClass(cls):
        cls.gis = member()
        cls.name = cls.gis.users.me.username
        cls.reader = Reader(cls.gis.session.auth.token)

    def listed(self):
        return {f["title"]: f["id"] for f in self.reader.ask(f"/content/users/{self.name}")["folders"]}

    def test_life_of_a_folder(self):
        folders, title = self.gis.content.folders, unique("Öfen & Höfe ")
        made = folders.create(title)
        self.assertEqual(self.listed()[title], made.properties["id"])
        with self.assertRefused("not available"):
            folders.create(title)
        self.assertEqual(folders.create(title, exist_ok=True).properties["id"], made.properties["id"])
        self.assertEqual([f.name for f in folders.list()].count(title), 1)
        self.assertIsNone(folders.get(unique("none")))
        self.assertEqual(folders.get().name, "Root Folder")
        self.assertTrue(made.rename(title + "2"))
        self.assertEqual(self.listed().get(title + "2"), made.properties["id"])
        self.assertNotIn(title, self.listed())
        self.assertTrue(made.delete())
        self.assertNotIn(title + "2", self.listed())

    def test_rename_to_a_taken_name_changes_nothing(self):
        folders, one, two = self.gis.content.folders, unique("eins "), unique("zwei ")
        first, second = folders.create(one), folders.create(two)
        self.assertFalse(second.rename(one))
        self.assertEqual([self.listed()[one], self.listed()[two]], [first.properties["id"], second.properties["id"]])

    def test_deleting_a_folder_deletes_what_is_in_it(self):
        folder = self.gis.content.folders.create(unique("weg "))
        inside = folder.add({"title": "In", "type": "Web Map", "tags": "x"}, text="{}").result()
        outside = self.gis.content.add({"title": "Out", "type": "Web Map", "tags": "x", "text": "{}"})
        self.assertTrue(folder.delete())
        self.assertEqual(self.reader.item(inside.id)["error"]["messageCode"], "CONT_0001")
        self.assertEqual(self.reader.item(outside.id)["title"], "Out")

    def test_folders_and_items_of_others(self):
        owner, manager = self.name, admin().content.folders
        title = unique("von oben ")
        made = manager.create(title, owner=owner)
        self.assertEqual(self.listed()[title], made.properties["id"])
        self.assertIn(title, [f.name for f in manager.list(owner=owner)])
        item = made.add({"title": "Theirs", "type": "Web Map", "tags": "x"}, text='{"a": 1}').result()
        read = self.reader.item(item.id)
        self.assertEqual([read["owner"], read["ownerFolder"]], [owner, made.properties["id"]])
        with self.assertRefused("(?i)permission"):
            member().content.folders.create(unique("fremd "), owner=owner)

    def test_order_and_types_of_a_listing(self):
        folder = self.gis.content.folders.create(unique("sortiert "))
        for title, kind in (("b", "Web Map"), ("a", "Web Map"), ("c", "StoryMap")):
            folder.add({"title": title, "type": kind, "tags": "x"}, text="{}").result()
        self.assertEqual([i.title for i in folder.list(sort_on="title", order="asc")], ["a", "b", "c"])
        self.assertEqual([i.title for i in folder.list(sort_on="title", order="desc")], ["c", "b", "a"])
        self.assertEqual(sorted(i.title for i in folder.list(item_type="Web Map")), ["a", "b"])
        self.assertEqual(sorted(i.title for i in self.gis.users.me.items(folder=folder.name)), ["a", "b", "c"])

    def test_move_by_folder_name_and_back(self):
        folder = self.gis.content.folders.create(unique("Ziel "))
        item = self.gis.content.add({"title": "Mover", "type": "CSV", "tags": "x"}, data=self.write(unique("m") + ".csv", CSV))
        item.move(folder.name)
        self.assertEqual(self.reader.item(item.id)["ownerFolder"], folder.properties["id"])
        self.gis.content.get(item.id).move("/")
        self.assertIsNone(self.reader.item(item.id)["ownerFolder"])
        self.assertEqual(self.reader.bytes(f"/content/items/{item.id}/data")[2], CSV.encode())


class ItemResources(PortalTest):
    @classmethod
    def setUpClass(cls):
        cls.gis = member()
        cls.reader = Reader(cls.gis.session.auth.token)

    def story(self):
        return self.gis.content.add({"title": "Story", "type": "StoryMap", "tags": "x", "text": "{}"})

    def listed(self, item):
        return {r["resource"]: r for r in self.reader.ask(f"/content/items/{item.id}/resources", num=100)["resources"]}

    def archive(self, **files):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as out:
            for name, text in files.items():
                out.writestr(name, text)
        return self.write("pack.zip", content.getvalue())

    def test_archive_is_unpacked(self):
        item = self.story()
        path = self.archive(**{"a/one.txt": "one", "zwei.json": '{"b": 2}'})
        self.assertTrue(item.resources.add(path, archive=True, folder_name="pack")["success"])
        self.assertEqual(sorted(self.listed(item)), ["pack/a/one.txt", "pack/zwei.json"])
        self.assertEqual(item.resources.get("pack/zwei.json"), {"b": 2})
        self.assertEqual(self.reader.bytes(f"/content/items/{item.id}/resources/pack/a/one.txt")[2], b"one")

    def test_archive_that_climbs_is_refused(self):
        item = self.story()
        with self.assertRefused("Error Code: 400"):
            item.resources.add(self.archive(**{"../../evil.txt": "x", "good.txt": "y"}), archive=True)
        self.assertEqual(self.listed(item), {})

    def test_export(self):
        item = self.story()
        item.resources.add(self.write("pic.png", RED), folder_name="images")
        item.resources.add(file_name="config.json", text=json.dumps({"label": "Zürich"}))
        with zipfile.ZipFile(item.resources.export(self.folder, "all.zip")) as archive:
            held = {name: archive.read(name) for name in archive.namelist()}
        self.assertEqual(held["images/pic.png"], RED)
        self.assertEqual(json.loads(held["config.json"]), {"label": "Zürich"})
        self.assertEqual(len(held), 2)

    def test_access(self):
        item = self.story()
        item.resources.add(self.write("open.png", RED), access="inherit")
        item.resources.add(self.write("own.png", BLUE), access="private")
        self.assertEqual({n: r["access"] for n, r in self.listed(item).items()}, {"open.png": "inherit", "own.png": "private"})
        item.sharing.sharing_level = "EVERYONE"
        anybody = Reader("")
        self.assertEqual(anybody.bytes(f"/content/items/{item.id}/resources/open.png")[1:], ("image/png", RED))
        status, _, content = anybody.bytes(f"/content/items/{item.id}/resources/own.png")
        self.assertNotEqual(content, BLUE)
        self.assertNotEqual(status, 200)
        self.assertEqual(self.reader.bytes(f"/content/items/{item.id}/resources/own.png")[2], BLUE)

    def test_a_taken_name_is_not_replaced(self):
        item = self.story()
        item.resources.add(self.write("same.png", RED))
        with self.assertRefused("(?s)already exists.*Error Code: 409"):
            item.resources.add(self.write("same.png", BLUE))
        self.assertEqual(self.reader.bytes(f"/content/items/{item.id}/resources/same.png")[2], RED)
        item.resources.update(file_name="same.png", text="text now")
        self.assertEqual(self.reader.bytes(f"/content/items/{item.id}/resources/same.png")[2], b"text now")


class OrganizationResources(PortalTest):
    def test_life(self):
        resources, key = admin().admin.resources, unique("banner") + ".png"
        self.assertTrue(resources.add(key, self.write("banner.png", RED)))
        self.assertTrue(resources.add(key + ".json", text='{"n": 1}'))
        held = {r["key"]: r["size"] for r in resources.list()}
        self.assertEqual([held[key], held[key + ".json"]], [len(RED), 8])
        self.assertEqual(self.read(resources.get(key, self.folder)), RED)
        self.assertEqual(Reader("").bytes(f"/portals/self/resources/{key}")[1:], ("image/png", RED))
        self.assertTrue(resources.add(key, self.write("banner.png", BLUE)))
        self.assertEqual(Reader("").bytes(f"/portals/self/resources/{key}")[2], BLUE)
        for name in (key, key + ".json"):
            self.assertTrue(resources.delete(name))
        self.assertNotIn(key, [r["key"] for r in Reader().ask("/portals/self/resources", num=100)["resources"]])

    def test_members_do_not_write(self):
        key = unique("graffiti") + ".txt"
        gis = member()
        self.assertIsNone(gis.admin)
        answer = Reader(gis.session.auth.token).ask("/portals/self/addResource", key=key, text="x")
        self.assertEqual(answer["error"]["messageCode"], "GWM_0003")
        self.assertNotIn(key, [r["key"] for r in Reader().ask("/portals/self/resources", num=100)["resources"]])
