"""What is done to one item and to many, held against plain HTTP."""

import base64
import json

from plain import Reader
from portal import BLUE, CSV, ID32, RED, PortalTest, admin, member, unique

MAP = {"operationalLayers": [], "baseMap": {"title": "Ünïcode 地図"}, "version": "2.31"}


class Items(PortalTest):
    @classmethod
    def setUpClass(cls):
        cls.gis = member()
        cls.name = cls.gis.users.me.username
        cls.reader = Reader(cls.gis.session.auth.token)

    def map(self, gis=None, **properties):
        return (gis or self.gis).content.add(
            {"title": unique("Map "), "type": "Web Map", "tags": "test", "text": json.dumps(MAP), **properties}
        )

    def csv(self):
        return self.gis.content.add({"title": unique("Sites "), "type": "CSV", "tags": "x"}, data=self.write(unique("f") + ".csv", CSV))

    def data(self, item):
        return self.reader.bytes(f"/content/items/{item.id}/data")[2]

    def test_copy(self):
        item = self.map(snippet="Short", description="<b>Long</b>", accessInformation="Someone")
        copy = item.copy(title="The copy")
        self.assertRegex(copy.id, ID32)
        self.assertNotEqual(copy.id, item.id)
        read = self.reader.item(copy.id)
        self.assertEqual([read["title"], read["tags"], read["owner"], read["access"]], ["The copy", ["test"], self.name, "private"])
        self.assertEqual(json.loads(self.data(copy)), MAP)
        self.assertEqual(self.reader.item(item.id)["title"], item.title)
        # The package looks for the folder under another name than it has, and makes nothing.
        inside = self.gis.content.folders.create(unique("Fach ")).add({"title": "Inside", "type": "Web Map", "tags": "x"}, text="{}").result()
        with self.assertRaises(AttributeError):
            inside.copy(title="Nowhere")
        table = self.csv().copy(title="The table")
        self.assertEqual([self.reader.item(table.id)["type"], self.data(table)], ["CSV", CSV.encode()])

    def test_chosen_id(self):
        # Administrators of Enterprise may choose an id, once.
        wanted = unique("") + unique("") + unique("")
        wanted = wanted.ljust(32, "0")[:32]
        item = self.map(gis=admin())
        made = admin().content.add({"title": "Mine", "type": "Web Map", "tags": "x", "text": "{}"}, item_id=wanted)
        self.assertEqual(made.id, wanted)
        self.assertEqual(Reader().item(wanted)["title"], "Mine")
        with self.assertRefused("(?i)exists|taken|use"):
            admin().content.add({"title": "Again", "type": "Web Map", "tags": "x", "text": "{}"}, item_id=item.id)
        self.assertEqual(Reader().item(item.id)["title"], item.title)

    def test_add_for_another(self):
        item = admin().content.add({"title": "Given", "type": "Web Map", "tags": "x", "text": "{}"}, owner=self.name)
        self.assertEqual(self.reader.item(item.id)["owner"], self.name)
        with self.assertRefused("(?i)permission"):
            member().content.add({"title": "Sneaked", "type": "Web Map", "tags": "x", "text": "{}"}, owner=self.name)

    def test_update_with_groups(self):
        group, item = self.gis.groups.create(unique("Pool "), "x", access="org"), self.map()
        self.assertTrue(item.update({"snippet": "shared"}))
        item.sharing.groups.add([group])
        self.assertEqual([g["id"] for g in self.reader.ask(f"/content/items/{item.id}/groups")["admin"]], [group.id])
        self.assertEqual([g.id for g in item.sharing.groups.list()], [group.id])
        self.assertTrue(item.sharing.groups.remove(group.id))
        self.assertEqual(self.reader.ask(f"/content/items/{item.id}/groups")["admin"], [])

    def test_update_clears_and_keeps(self):
        item = self.map(snippet="goes", description="stays", licenseInfo="CC0")
        self.assertTrue(item.update({"snippet": "", "clearEmptyFields": True}))
        read = self.reader.item(item.id)
        self.assertFalse(read["snippet"])
        self.assertEqual([read["description"], read["licenseInfo"]], ["stays", "CC0"])
        self.assertTrue(item.update({"typeKeywords": ["one", "two"], "properties": {"deep": {"n": [1, 2]}}, "url": "https://example.com/app"}))
        read = self.reader.item(item.id)
        self.assertLessEqual({"one", "two"}, set(read["typeKeywords"]))
        self.assertEqual([read["properties"], read["url"]], [{"deep": {"n": [1, 2]}}, "https://example.com/app"])

    def test_content_status(self):
        item = self.map()
        same = admin().content.get(item.id)
        same.content_status = "authoritative"
        read = Reader().item(item.id)
        self.assertEqual([read["contentStatus"], read["protected"]], ["org_authoritative", True])
        same.content_status = "deprecated"
        self.assertEqual(Reader().item(item.id)["contentStatus"], "deprecated")
        same.content_status = None
        self.assertEqual(Reader().item(item.id)["contentStatus"], "")
        with self.assertRefused("Error Code: 403"):
            item.content_status = "deprecated"

    def test_favorite(self):
        item = self.map()
        self.assertIs(item.favorite, False)
        item.favorite = True
        self.assertIs(self.gis.content.get(item.id).favorite, True)
        group = self.reader.ask(f"/community/users/{self.name}")["favGroupId"]
        self.assertEqual([i["id"] for i in self.reader.ask(f"/content/groups/{group}")["items"]], [item.id])
        self.assertEqual(self.reader.item(item.id)["access"], "private")
        item.favorite = False
        self.assertEqual(self.reader.ask(f"/content/groups/{group}")["items"], [])

    def test_thumbnails(self):
        item = self.map()
        shown = lambda: self.reader.bytes(f"/content/items/{item.id}/info/{self.reader.item(item.id)['thumbnail']}")[2]
        self.assertTrue(item.update_thumbnail(self.write("one.png", RED)))
        self.assertEqual(shown(), RED)
        encoded = "data:image/png;base64," + base64.b64encode(BLUE).decode()
        self.assertTrue(item.update_thumbnail(encoded_image=encoded, file_name="two.png"))
        self.assertEqual(shown(), BLUE)
        self.assertIn(f"/items/{item.id}/info/thumbnail/", self.gis.content.get(item.id).get_thumbnail_link())
        self.assertTrue(item.delete_thumbnail())
        self.assertIsNone(self.reader.item(item.id)["thumbnail"])

    def test_metadata(self):
        item = self.map()
        for words in ("Gewässer", "Flüsse & <b>"):
            xml = f'<?xml version="1.0" encoding="UTF-8"?><metadata><idinfo><![CDATA[{words}]]></idinfo></metadata>'
            self.assertTrue(item.update(metadata=self.write("metadata.xml", xml)))
            status, _, content = self.reader.bytes(f"/content/items/{item.id}/info/metadata/metadata.xml")
            self.assertEqual([status, content], [200, xml.encode()])
        self.assertIn("Metadata", self.reader.item(item.id)["typeKeywords"])
        # The package sends the path in place of the file.
        with self.assertRefused("'file' must be specified"):
            item.update_info(self.write("note.json", "{}"))
        self.assertTrue(item.delete_info("metadata/metadata.xml"))
        self.assertNotIn("Metadata", self.reader.item(item.id)["typeKeywords"])

    def test_card(self):
        item = self.map(snippet="On the card")
        with open(item.item_card, encoding="utf-8") as card:
            text = card.read()
        self.assertIn("On the card", text)
        self.assertIn(item.title, text)

    def test_file_is_replaced_by_one_of_another_name(self):
        item = self.csv()
        name = unique("other") + ".csv"
        self.assertTrue(item.update({"title": "Renamed"}, data=self.write(name, CSV + "x,1,2\n")))
        read = self.reader.item(item.id)
        self.assertEqual([read["title"], read["name"], read["size"]], ["Renamed", name, len((CSV + "x,1,2\n").encode())])
        self.assertEqual(self.data(item), (CSV + "x,1,2\n").encode())

    def test_download_and_get_data(self):
        item = self.csv()
        self.assertEqual(self.read(item.download(self.folder)), CSV.encode())
        self.assertEqual(self.map().get_data(), MAP)
        self.assertEqual(self.map().get_data(try_json=False) and True, True)
        text = self.gis.content.add({"title": "Words", "type": "Web Map", "tags": "x", "text": "no JSON: ü"})
        self.assertEqual(self.data(text).decode(), "no JSON: ü")

    def test_remap(self):
        old, new = self.map(), self.map()
        app = self.gis.content.add({"title": "App", "type": "Web Mapping Application", "tags": "x", "text": json.dumps({"map": {"itemId": old.id}})})
        self.assertTrue(app.remap_data({old.id: new.id}, force=True))
        self.assertEqual(json.loads(self.data(app)), {"map": {"itemId": new.id}})

    def test_can_reassign_and_reassign_into_a_folder(self):
        heir, item = member(), self.map()
        able, _ = item.can_reassign(heir.users.me)
        self.assertIs(able, True)
        same = admin().content.get(item.id)
        self.assertTrue(same.reassign_to(heir.users.me, target_folder="Inherited"))
        read = Reader().item(item.id)
        folders = {f["title"]: f["id"] for f in Reader().ask(f"/content/users/{heir.users.me.username}")["folders"]}
        self.assertEqual([read["owner"], read["ownerFolder"]], [heir.users.me.username, folders["Inherited"]])

    def test_delete_dry_and_real(self):
        item = self.map()
        self.assertEqual(item.delete(dry_run=True), {"can_delete": True})
        self.assertIs(item.can_delete, True)
        self.assertEqual(self.reader.item(item.id)["id"], item.id)
        form = self.gis.content.add({"title": "Survey", "type": "Form", "tags": "x", "text": "{}"})
        service = self.gis.content.add({"title": "Answers", "type": "Feature Service", "tags": "x", "url": "https://e.com/arcgis/rest/services/A/FeatureServer"})
        form.add_relationship(service, "Survey2Service")
        plain = self.reader.ask(f"/content/items/{form.id}/relatedItems", relationshipType="Survey2Service", direction="forward")
        self.assertEqual([i["id"] for i in plain["relatedItems"]], [service.id])
        for each in (item, form):
            self.assertTrue(each.delete(force=True))
            self.assertEqual(self.reader.item(each.id)["error"]["messageCode"], "CONT_0001")
        self.assertEqual(service.related_items("Survey2Service", "reverse"), [])
        self.assertIn(b"Item does not exist or is inaccessible.", self.data(item))

    def test_delete_items_of_others(self):
        mine, theirs = self.map(), member().content.add({"title": "Theirs", "type": "Web Map", "tags": "x", "text": "{}"})
        theirs.share(org=True)
        # The package returns what it might raise, after it deleted what it may.
        self.assertIn("not the owner", str(self.gis.content.delete_items([mine.id, theirs.id])))
        self.assertEqual(self.reader.item(mine.id)["error"]["messageCode"], "CONT_0001")
        answer = self.reader.ask(f"/content/users/{self.name}/deleteItems", items=theirs.id)
        self.assertEqual([(r["itemId"], r["success"]) for r in answer["results"]], [(theirs.id, False)])
        self.assertEqual(Reader().item(theirs.id)["title"], "Theirs")

    def test_registered_links(self):
        item = self.map()
        self.assertTrue(item.homepage.endswith(f"/home/item.html?id={item.id}"))
        self.assertEqual(item.status()["status"], "completed")
        for empty in (item.comments, item.proxies, item.related_items("Map2Service"), item.get_dependencies()):
            self.assertEqual(list(empty), [])
        self.assertEqual([item.dependent_upon()["total"], item.dependent_to()["total"]], [0, 0])
        self.assertFalse(item.rating)
