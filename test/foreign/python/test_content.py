import json

from portal import BLUE, CSV, ID32, RED, PortalTest, admin, member, unique

MAP = {
    "operationalLayers": [],
    "baseMap": {"baseMapLayers": [], "title": 'Ünïcode + 100% "quoted" 地図'},
    "version": "2.31",
}
SERVICE = "https://services.example.com/arcgis/rest/services/Parks/FeatureServer"


class Content(PortalTest):
    @classmethod
    def setUpClass(cls):
        cls.gis = member()
        cls.name = cls.gis.users.me.username

    def map(self, title=None, **properties):
        item = self.gis.content.add(
            {"title": title or unique("Map "), "type": "Web Map", "tags": "test", "text": json.dumps(MAP), **properties}
        )
        self.assertIsNotNone(item)
        return item

    def csv(self, content=CSV, **options):
        return self.gis.content.add(
            {"title": unique("Sites "), "type": "CSV", "tags": "test"}, data=self.write(unique("sites") + ".csv", content), **options
        )

    def fresh(self, item):
        """The item as the portal has it now."""
        return self.gis.content.get(item.id)

    def test_add_text(self):
        title = unique("Lakes & rivers ")
        made = self.gis.content.add(
            {
                "title": title, "type": "Web Map", "tags": ["lakes", "Zürich"], "snippet": "All of them",
                "description": "<b>Bold</b> and 100% ünïcode", "typeKeywords": "mine", "accessInformation": "Someone",
                "licenseInfo": "CC0", "extent": "5.9,45.8,10.5,47.8", "text": json.dumps(MAP),
            }
        )
        self.assertRegex(made.id, ID32)
        item = self.fresh(made)
        self.assertEqual(item.title, title)
        self.assertEqual(item.type, "Web Map")
        self.assertEqual(item.owner, self.name)
        self.assertEqual(list(item.tags), ["lakes", "Zürich"])
        self.assertEqual(item.snippet, "All of them")
        self.assertEqual(item.description, "<b>Bold</b> and 100% ünïcode")
        self.assertIn("mine", item.typeKeywords)
        self.assertEqual(item.accessInformation, "Someone")
        self.assertEqual(item.licenseInfo, "CC0")
        self.assertEqual(item.extent, [[5.9, 45.8], [10.5, 47.8]])
        self.assertEqual(item.access, "private")
        self.assertIsNone(item.ownerFolder)
        self.assertEqual(item.get_data(), MAP)

    def test_add_file(self):
        path = self.write(unique("sites") + ".csv", CSV)
        item = self.gis.content.add({"title": "Sites", "type": "CSV", "tags": "test"}, data=path)
        read = self.fresh(item)
        self.assertEqual(read.name, path.rsplit("/", 1)[1])
        self.assertEqual(read.size, len(CSV.encode()))
        self.assertEqual(self.read(read.download(self.folder, "back.csv")), CSV.encode())
        self.assertEqual(self.read(read.get_data()), CSV.encode())

    def test_add_large_file(self):
        content = b"name,n\n" + b"".join(b"row,%d\n" % n for n in range(1_200_000))
        self.assertGreater(len(content), 12_000_000)
        read = self.fresh(self.csv(content))
        self.assertEqual(read.size, len(content))
        self.assertEqual(self.read(read.download(self.folder, "large.csv")), content)

    def test_add_url(self):
        item = self.gis.content.add({"title": "Parks", "type": "Feature Service", "tags": "test", "url": SERVICE})
        read = self.fresh(item)
        self.assertEqual(read.url, SERVICE)
        self.assertEqual(read.type, "Feature Service")

    def test_folder_add(self):
        folder = self.gis.content.folders.create(unique("Plans "))
        path = self.write(unique("plan") + ".csv", CSV)
        item = folder.add({"title": "Plan", "type": "CSV", "tags": "test"}, file=path).result()
        read = self.fresh(item)
        self.assertEqual(read.title, "Plan")
        self.assertEqual(read.ownerFolder, folder.properties["id"])
        self.assertEqual(self.read(read.download(self.folder, "plan.csv")), CSV.encode())
        text = folder.add({"title": "Text", "type": "Web Map", "tags": "test"}, text=json.dumps(MAP)).result()
        self.assertEqual(self.fresh(text).get_data(), MAP)
        link = folder.add({"title": "Link", "type": "Feature Service", "tags": "test"}, url=SERVICE).result()
        self.assertEqual(self.fresh(link).url, SERVICE)
        self.assertEqual(sorted(i.title for i in folder.list()), ["Link", "Plan", "Text"])

    def test_get_of_nothing_is_none(self):
        self.assertIsNone(self.gis.content.get("0" * 32))
        self.assertIsNone(member().content.get(self.map().id))

    def test_search(self):
        word = unique("quokka")
        titles = []
        for n in range(23):
            titles.append(self.map(f"{word} {n:02}", tags=word).title)
        self.gis.content.add({"title": f"{word} viewer", "type": "Web Mapping Application", "tags": word, "url": "https://example.com/v"})
        find = lambda query, **options: [i.title for i in self.gis.content.search(query, sort_field="title", sort_order="asc", **options)]
        self.assertEqual(find(f"tags:{word}", item_type="Web Map", max_items=100), titles)
        self.assertEqual(find(f"tags:{word}", max_items=100), [*titles, f"{word} viewer"])
        self.assertEqual(find(f"tags:{word}"), titles[:10])
        self.assertEqual(find(f"tags:{word}", max_items=15), titles[:15])
        self.assertEqual(find(f'title:"{word} 07" AND owner:{self.name}'), [f"{word} 07"])
        self.assertEqual(find(f"tags:{word} AND owner:nobody"), [])
        self.assertEqual(find(f"tags:{word}", item_type="Web Mapping Application"), [f"{word} viewer"])
        down = self.gis.content.search(f"tags:{word}", sort_field="title", sort_order="desc", max_items=3)
        self.assertEqual([i.title for i in down], [f"{word} viewer", titles[22], titles[21]])
        self.assertEqual(len({i.id for i in self.gis.content.search(f"tags:{word}", max_items=100)}), 24)

    def test_search_over_pages(self):
        word = unique("potoroo")
        for n in range(125):
            self.map(f"{word} {n:03}", tags=word)
        # The client asks for all pages at once and joins them as they arrive.
        found = self.gis.content.search(f"tags:{word}", sort_field="title", sort_order="asc", max_items=1000)
        self.assertEqual(sorted(i.title for i in found), [f"{word} {n:03}" for n in range(125)])
        found = self.gis.content.search(f"tags:{word}", sort_field="title", sort_order="asc", max_items=110)
        self.assertEqual(len({i.id for i in found}), 110)

    def test_advanced_search(self):
        word = unique("wombat")
        for n in range(11):
            self.map(f"{word} {n:02}", tags=word)
        answer = self.gis.content.advanced_search(f"tags:{word}", max_items=5, sort_field="title", sort_order="asc", as_dict=True)
        self.assertEqual(answer["total"], 11)
        self.assertEqual([i["title"] for i in answer["results"]], [f"{word} {n:02}" for n in range(5)])
        self.assertEqual(self.gis.content.advanced_search(f"tags:{word}", return_count=True), 11)

    def test_search_shows_what_one_may_see(self):
        word = unique("numbat")
        item = self.map(word, tags=word)
        other = member()
        self.assertEqual(other.content.search(f"tags:{word}"), [])
        self.assertEqual([i.id for i in admin().content.search(f"tags:{word}")], [item.id])
        item.sharing.sharing_level = "ORGANIZATION"
        self.assertEqual([i.id for i in other.content.search(f"tags:{word}")], [item.id])

    def test_update(self):
        item = self.map(snippet="stays", description="goes")
        self.assertTrue(item.update({"title": "New", "tags": ["c", "d"], "extent": "-10,-20,30,40"}))
        read = self.fresh(item)
        self.assertEqual(read.title, "New")
        self.assertEqual(list(read.tags), ["c", "d"])
        self.assertEqual(read.extent, [[-10, -20], [30, 40]])
        self.assertEqual(read.snippet, "stays")
        self.assertEqual(read.get_data(), MAP)
        changed = {**MAP, "version": "2.32"}
        self.assertTrue(item.update(data=json.dumps(changed)))
        self.assertEqual(self.fresh(item).get_data(), changed)
        self.assertTrue(item.update({"text": json.dumps(MAP)}))
        self.assertEqual(self.fresh(item).get_data(), MAP)

    def test_update_file(self):
        item = self.csv()
        longer = CSV + "more,1,2\n" * 5000
        self.assertTrue(item.update(data=self.write(unique("longer") + ".csv", longer)))
        read = self.fresh(item)
        self.assertEqual(read.size, len(longer.encode()))
        self.assertEqual(self.read(read.download(self.folder, "longer.csv")), longer.encode())

    def test_thumbnail(self):
        item = self.gis.content.add(
            {"title": "Pictured", "type": "Web Map", "tags": "test", "text": json.dumps(MAP)}, thumbnail=self.write("one.png", RED)
        )
        self.assertEqual(self.fresh(item).get_thumbnail(), RED)
        self.assertTrue(item.update(thumbnail=self.write("two.png", BLUE)))
        self.assertEqual(self.fresh(item).get_thumbnail(), BLUE)
        self.assertEqual(self.read(self.fresh(item).download_thumbnail(self.folder)), BLUE)
        self.assertRegex(self.fresh(item).thumbnail, r"^thumbnail/.+\.png$")

    def test_metadata(self):
        item = self.map()
        xml = '<?xml version="1.0" encoding="UTF-8"?><metadata><idinfo>Gewässer</idinfo></metadata>'
        self.assertTrue(item.update(metadata=self.write("metadata.xml", xml)))
        # The property is the path of a download, and one even where there is no metadata.
        self.assertEqual(self.read(self.fresh(item).metadata), xml.encode())
        self.assertEqual(self.read(self.fresh(item).download_metadata(self.folder)), xml.encode())
        self.assertEqual(self.fresh(item).title, item.title)

    def test_share(self):
        item, other = self.map(), member()
        group = self.gis.groups.create(unique("Sharers "), "x", access="org")
        self.assertEqual(item.share(org=True, groups=[group]), {"itemId": item.id, "notSharedWith": []})
        shared = self.fresh(item).shared_with
        self.assertIs(shared["org"], True)
        self.assertIs(shared["everyone"], False)
        self.assertEqual([g.id for g in shared["groups"]], [group.id])
        self.assertEqual([i.id for i in group.content()], [item.id])
        self.assertEqual(other.content.get(item.id).title, item.title)

        item.share(everyone=True, org=True, groups=[group])
        self.assertEqual(self.fresh(item).access, "public")
        item.unshare([group])
        self.assertEqual(list(group.content()), [])
        self.assertEqual(self.fresh(item).access, "public")
        item.share(everyone=False, org=False)
        self.assertEqual(self.fresh(item).access, "private")
        self.assertIsNone(other.content.get(item.id))

    def test_sharing_manager(self):
        item = self.map()
        group = self.gis.groups.create(unique("Sharing "), "x", access="org")
        sharing = item.sharing
        sharing.sharing_level = "EVERYONE"
        self.assertEqual(self.fresh(item).access, "public")
        self.assertTrue(sharing.groups.add(group))
        self.assertEqual([i.id for i in group.content()], [item.id])
        self.assertTrue(sharing.groups.remove(group))
        self.assertEqual(list(group.content()), [])
        sharing.sharing_level = "PRIVATE"
        self.assertEqual(self.fresh(item).access, "private")

    def test_share_items(self):
        items = [self.map(), self.map()]
        group = self.gis.groups.create(unique("Batch "), "x", access="org")
        answer = self.gis.content.share_items(items, org=True, groups=[group])
        self.assertEqual([(r["itemId"], r["success"]) for r in answer["results"]], [(i.id, True) for i in items])
        self.assertEqual([self.fresh(i).access for i in items], ["org", "org"])
        self.assertEqual(sorted(i.id for i in group.content()), sorted(i.id for i in items))
        self.gis.content.unshare_items([items[0]], groups=[group])
        self.assertEqual([i.id for i in group.content()], [items[1].id])

    def test_folders_and_move(self):
        title = unique("Karten ")
        folder = self.gis.content.create_folder(title)
        self.assertEqual(folder["title"], title)
        self.assertIsNone(self.gis.content.create_folder(title))
        item = self.map()
        item.move(folder)
        self.assertEqual(self.fresh(item).ownerFolder, folder["id"])
        self.assertEqual([i.id for i in self.gis.users.me.items(folder=title)], [item.id])
        other = unique("Pläne ")
        self.assertTrue(self.gis.content.rename_folder(title, other))
        self.assertIn(other, [f.properties["title"] for f in self.gis.users.me.folders if "title" in f.properties])
        item.move("/")
        self.assertIsNone(self.fresh(item).ownerFolder)
        self.assertEqual(self.fresh(item).get_data(), MAP)
        self.assertTrue(self.gis.content.delete_folder(other))
        self.assertNotIn(other, [f.properties.get("title") for f in self.gis.users.me.folders])

    def test_folder_objects(self):
        folders = self.gis.content.folders
        title = unique("Mappe ")
        folder = folders.create(title)
        self.assertEqual(folder.name, title)
        same = folders.get(title)
        self.assertEqual(same.properties["id"], folder.properties["id"])
        self.assertTrue(folder.rename(title + " II"))
        self.assertIn(title + " II", [f.name for f in folders.list()])
        self.map().move(folder)
        self.assertEqual(len(list(folder.list())), 1)
        self.assertTrue(folder.delete())
        self.assertNotIn(title + " II", [f.name for f in folders.list()])

    def test_add_to_folder_by_name(self):
        title = unique("Ablage ")
        folder = self.gis.content.create_folder(title)
        item = self.csv(folder=title)
        self.assertEqual(self.fresh(item).ownerFolder, folder["id"])
        self.assertTrue(item.update({"snippet": "in a folder"}))
        self.assertEqual(self.fresh(item).snippet, "in a folder")
        self.assertTrue(item.delete())
        self.assertIsNone(self.gis.content.get(item.id))

    def test_protect_and_delete(self):
        item = self.map()
        self.assertEqual(item.protect(True), {"success": True})
        self.assertIs(self.fresh(item).protected, True)
        with self.assertRefused(f"Unable to delete item {item.id}. Delete protection is turned on."):
            item.delete()
        self.assertIsNotNone(self.fresh(item))
        item.protect(False)
        self.assertIs(self.fresh(item).protected, False)
        self.assertTrue(item.delete())
        self.assertIsNone(self.gis.content.get(item.id))

    def test_delete_items(self):
        items = [self.map(), self.map()]
        self.assertEqual(self.gis.content.delete_items(items), [True])
        self.assertEqual([self.gis.content.get(i.id) for i in items], [None, None])

    def test_delete_items_leaves_protected_ones(self):
        free, kept = self.map(), self.map()
        kept.protect(True)
        self.assertEqual(self.gis.content.delete_items([free, kept]), [False])
        self.assertIsNone(self.gis.content.get(free.id))
        self.assertEqual(self.fresh(kept).title, kept.title)

    def test_can_delete(self):
        item = self.map()
        self.assertIs(self.gis.content.can_delete(item)["success"], True)
        self.assertEqual(item.delete(dry_run=True), {"can_delete": True})
        item.protect(True)
        words = f"Unable to delete item {item.id}. Delete protection is turned on."
        answer = self.gis.content.can_delete(item)
        self.assertIs(answer["success"], False)
        self.assertIn(words, answer["reason"]["message"])
        details = item.delete(dry_run=True)["details"]
        self.assertEqual([details["code"], details["message"]], [400, words])
        self.assertIsNotNone(self.fresh(item))

    def test_reassign(self):
        heir = member()
        item = self.csv()
        same = admin().content.get(item.id)
        self.assertTrue(same.reassign_to(heir.users.me.username, target_folder="From others"))
        read = heir.content.get(item.id)
        self.assertEqual(read.owner, heir.users.me.username)
        [folder] = [f for f in heir.content.folders.list() if f.name == "From others"]
        self.assertEqual(read.ownerFolder, folder.properties["id"])
        self.assertEqual(self.read(read.download(self.folder, "heir.csv")), CSV.encode())
        self.assertIsNone(self.gis.content.get(item.id))

    def test_relationships(self):
        form = self.gis.content.add({"title": "Survey", "type": "Form", "tags": "x", "text": "{}"})
        service = self.gis.content.add({"title": "Answers", "type": "Feature Service", "tags": "x", "url": SERVICE})
        self.assertTrue(form.add_relationship(service, "Survey2Service"))
        self.assertEqual([i.id for i in form.related_items("Survey2Service")], [service.id])
        self.assertEqual([i.id for i in service.related_items("Survey2Service", "reverse")], [form.id])
        self.assertTrue(form.delete_relationship(service, "Survey2Service"))
        self.assertEqual(form.related_items("Survey2Service"), [])

    def test_strangers_change_nothing(self):
        item, other = self.map(), member()
        item.share(org=True)
        same = other.content.get(item.id)
        self.assertEqual(same.title, item.title)
        for attempt in (lambda: same.update({"title": "Stolen"}), same.delete, lambda: same.protect(True)):
            with self.assertRefused("(?s)You do not have permissions.*Error Code: 403"):
                attempt()
        with self.assertRefused("does not own the item or have the privileges"):
            same.share(everyone=True)
        read = self.fresh(item)
        self.assertEqual([read.title, read.protected, read.access], [item.title, False, "org"])

    def test_bad_input(self):
        with self.assertRefused("(?s)'type' must be specified.*Error Code: 400"):
            self.gis.content.add({"title": "No type", "tags": "x", "text": "{}"})
        path = self.write("same.csv", CSV)
        self.gis.content.add({"title": "One", "type": "CSV", "tags": "x"}, data=path)
        with self.assertRefused("(?s)Item 'same.csv' already exists.*Error Code: 409"):
            self.gis.content.add({"title": "Two", "type": "CSV", "tags": "x"}, data=path)
        with self.assertRefused("User does not exist or is inaccessible"):
            admin().content.get(self.map().id).reassign_to("nobody_of_that_name")

    def test_what_is_empty_reads_empty(self):
        item = self.map()
        self.assertEqual(item.comments, [])
        self.assertEqual(item.resources.list(), [])
        self.assertEqual(item.dependent_upon()["list"], [])
        self.assertEqual(item.status()["status"], "completed")
        self.assertEqual(admin().content.categories.schema, [])
        link = self.gis.content.add({"title": "Link", "type": "Feature Service", "tags": "x", "url": SERVICE})
        self.assertFalse(link.get_data())

    def test_what_is_not_built_says_so(self):
        item = self.map()
        with self.assertRefused("not supported"):
            item.add_comment("Hello")
        self.assertEqual(item.comments, [])


class Resources(PortalTest):
    @classmethod
    def setUpClass(cls):
        cls.gis = member()

    def story(self):
        return self.gis.content.add({"title": "Story", "type": "StoryMap", "tags": "x", "text": "{}"})

    def test_life_of_resources(self):
        item = self.story()
        item.resources.add(self.write("pic.png", RED), folder_name="images/top", file_name="banner.png")
        item.resources.add(file_name="config.json", text=json.dumps({"zoom": 7, "label": "Zürich"}))
        listed = {r["resource"]: r for r in item.resources.list()}
        self.assertEqual(sorted(listed), ["config.json", "images/top/banner.png"])
        self.assertEqual(listed["images/top/banner.png"]["size"], len(RED))
        self.assertEqual(item.resources.get("config.json"), {"zoom": 7, "label": "Zürich"})
        path = item.resources.get("images/top/banner.png", out_folder=self.folder, out_file_name="got.png")
        self.assertEqual(self.read(path), RED)

        item.resources.update(self.write("new.png", BLUE), folder_name="images/top", file_name="banner.png")
        path = item.resources.get("images/top/banner.png", out_folder=self.folder, out_file_name="got2.png")
        self.assertEqual(self.read(path), BLUE)
        self.assertTrue(item.resources.remove("config.json"))
        self.assertEqual([r["resource"] for r in item.resources.list()], ["images/top/banner.png"])
        self.assertTrue(item.resources.remove())
        self.assertEqual(item.resources.list(), [])

    def test_missing_resource(self):
        item = self.story()
        with self.assertRefused("(?s)Resource does not exist or is inaccessible.*Error Code: 404"):
            item.resources.update(self.write("x.png", RED), file_name="x.png")
        with self.assertRefused("(?s)Resource does not exist or is inaccessible.*Error Code: 404"):
            item.resources.remove("x.png")
