"""Searches of items: pages, order, filters, counts and places, held against plain HTTP."""

import json

from plain import Reader
from portal import PortalTest, admin, member, unique


class Search(PortalTest):
    @classmethod
    def setUpClass(cls):
        cls.gis = member()
        cls.word = unique("bandicoot")
        for n in range(9):
            west = 10 * n
            cls.gis.content.add(
                {"title": f"{cls.word} {n}", "type": "Web Map", "tags": cls.word, "text": "{}", "extent": f"{west},0,{west + 5},5"}
            )
        cls.gis.content.add({"title": f"{cls.word} a", "type": "Web Mapping Application", "tags": cls.word, "url": "https://example.com/v"})
        cls.query = f"tags:{cls.word}"
        cls.titles = [f"{cls.word} {n}" for n in range(9)]

    def found(self, **options):
        return self.gis.content.advanced_search(self.query, sort_field="title", as_dict=True, **options)

    def test_all_of_them(self):
        answer = self.found(max_items=-1)
        self.assertEqual([i["title"] for i in answer["results"]], [*self.titles, f"{self.word} a"])
        plain = Reader(self.gis.session.auth.token).ask("/search", q=self.query, num=100, sortField="title")
        self.assertEqual([i["id"] for i in answer["results"]], [i["id"] for i in plain["results"]])
        down = self.found(max_items=-1, sort_order="desc")
        self.assertEqual([i["title"] for i in down["results"]], [f"{self.word} a", *reversed(self.titles)])

    def test_pages(self):
        seen, start = [], 1
        while start != -1:
            answer = self.found(max_items=4, start=start)
            self.assertEqual([answer["start"], answer["total"]], [start, 10])
            seen += [i["title"] for i in answer["results"]]
            start = answer["nextStart"]
        self.assertEqual(seen, [*self.titles, f"{self.word} a"])
        items = self.gis.content.advanced_search(self.query, max_items=2, start=3, sort_field="title")["results"]
        self.assertEqual([i.title for i in items], self.titles[2:4])

    def test_filter_is_exact(self):
        self.assertEqual(self.found(filter='type:"Web Map"')["total"], 9)
        self.assertEqual([i.title for i in self.gis.content.search(self.query, filter='type:"Web Mapping Application"')], [f"{self.word} a"])
        self.assertEqual(self.gis.content.search(self.query, filter='type:"Web"'), [])

    def test_place(self):
        self.assertEqual([i["title"] for i in self.found(bbox="21,1,32,2")["results"]], self.titles[2:4])
        self.assertEqual([i["title"] for i in self.found(bbox=["51", "1", "52", "2"])["results"]], [self.titles[5]])

    def test_counts(self):
        answer = self.found(count_fields="type,access", count_size=5)
        counts = {c["fieldName"]: {v["value"]: v["count"] for v in c["fieldValues"]} for c in answer["counts"]}
        self.assertEqual(counts, {"type": {"web map": 9, "web mapping application": 1}, "access": {"private": 10}})

    def test_nothing_of_others(self):
        other = member()
        self.assertEqual(other.content.advanced_search(self.query, return_count=True), 0)
        self.assertEqual(other.content.search(self.query, outside_org=True), [])
        self.assertEqual(admin().content.advanced_search(self.query, return_count=True), 10)

    def test_bad_queries_are_refused(self):
        with self.assertRefused("Error Code: 400"):
            self.gis.content.advanced_search(f"{self.query} AND (title:", as_dict=True)
        with self.assertRefused("bbox"):
            self.found(bbox="1,2,x,4")

    def test_group_content(self):
        group = self.gis.groups.create(unique("Pouch "), "x", access="org")
        for item in self.gis.content.search(self.query, max_items=100):
            item.sharing.groups.add(group)
        answer = group.search(self.word, max_items=3, sort_field="title", as_dict=True)
        self.assertEqual([answer["total"], answer["nextStart"]], [10, 4])
        self.assertEqual([i["title"] for i in answer["results"]], self.titles[:3])
        self.assertEqual(group.search(self.word, return_count=True), 10)
        self.assertEqual(len(list(group.content(max_items=7))), 7)
        plain = Reader(self.gis.session.auth.token).ask(f"/content/groups/{group.id}", num=100)
        self.assertEqual(sorted(i["title"] for i in plain["items"]), sorted([*self.titles, f"{self.word} a"]))


class Categories(PortalTest):
    TREE = [{"title": "Categories", "categories": [
        {"title": "Water", "categories": [{"title": "Lakes", "categories": []}]}, {"title": "Land, use", "categories": []},
    ]}]

    def add(self, gis):
        return gis.content.add({"title": unique("Map "), "type": "Web Map", "tags": "x", "text": json.dumps({"n": 1})})

    def titles(self, answer):
        """The trees without what a portal adds to them."""
        return [{"title": c["title"], "categories": self.titles(c["categories"])} for c in answer]

    def test_organization(self):
        gis, manager = member(), admin().content.categories
        manager.schema = self.TREE
        self.addCleanup(manager.delete)
        self.assertEqual(self.titles(gis.content.categories.schema), self.TREE)
        self.assertEqual(gis.content.categories.properties["title"].lower(), "categories")
        self.assertEqual(self.titles(Reader("").ask("/portals/self/categorySchema").get("categorySchema", self.TREE)), self.TREE)
        lake, land = self.add(gis), self.add(gis)
        paths = {lake.id: ["/Categories/Water/Lakes"], land.id: ["/Categories/Land, use"]}
        answer = gis.content.categories.assign_to_items([{i: {"categories": p}} for i, p in paths.items()])
        self.assertEqual([(r["itemId"], r["success"]) for r in answer], [(lake.id, True), (land.id, True)])
        self.assertEqual({i: Reader().item(i)["categories"] for i in paths}, paths)
        own = f"owner:{gis.users.me.username}"
        self.assertEqual([i.id for i in gis.content.search(own, categories=["/Categories/Water"])], [lake.id])
        found = gis.content.advanced_search(own, categories="/Categories/Water/Lakes", as_dict=True)
        self.assertEqual([i["id"] for i in found["results"]], [lake.id])
        with self.assertRefused("(?s)You do not have permissions.*Error Code: 403"):
            gis.content.categories.schema = self.TREE[:1]
        self.assertTrue(manager.delete())
        self.assertEqual(Reader().ask("/portals/self/categorySchema")["categorySchema"], [])

    def test_category_manager(self):
        # The administrator's manager reads an item before it changes the list.
        manager = admin().admin.category_schema
        manager.schema = self.TREE
        self.addCleanup(admin().content.categories.delete)
        self.assertEqual(self.titles(manager.schema["categorySchema"]), self.TREE)
        item = self.add(admin())
        held = lambda: Reader().item(item.id)["categories"]
        self.assertTrue(manager.categorize_item(item, ["/Categories/Water"]))
        self.assertEqual(held(), ["/Categories/Water"])
        manager.add([admin().content.get(item.id)], "/Categories/Land, use")
        self.assertEqual(held(), ["/Categories/Water", "/Categories/Land, use"])
        manager.remove([admin().content.get(item.id)], "/Categories/Water")
        self.assertEqual(held(), ["/Categories/Land, use"])
        manager.reset([admin().content.get(item.id)])
        self.assertEqual(held(), [])

    def test_group(self):
        gis = member()
        group, item = gis.groups.create(unique("Sorted "), "x", access="org"), self.add(gis)
        item.sharing.groups.add(group)
        group.categories.schema = self.TREE
        self.assertEqual(self.titles(group.categories.schema), self.TREE)
        group.categories.assign_to_items([{item.id: {"categories": ["/Categories/Water/Lakes"]}}])
        reader = Reader(gis.session.auth.token)
        [row] = reader.ask(f"/content/groups/{group.id}/search", q="*")["results"]
        self.assertEqual([row["groupCategories"], row["categories"]], [["/Categories/Water/Lakes"], []])
        self.assertEqual([i.id for i in group.search("*", categories="/Categories/Water")["results"]], [item.id])
        self.assertTrue(group.categories.delete())
        self.assertEqual(reader.ask(f"/community/groups/{group.id}/categorySchema")["categorySchema"], [])

    def test_bulk_update(self):
        gis = member()
        items = [self.add(gis), self.add(gis)]
        gis.content.bulk_update(items, {"tags": ["same", "both"], "snippet": "Together"})
        for item in items:
            read = Reader().item(item.id)
            self.assertEqual([read["tags"], read["snippet"], read["title"]], [["same", "both"], "Together", item.title])
        with self.assertRefused("(?i)permission|inaccessible|not"):
            answer = member().content.bulk_update(items, {"snippet": "Stolen"})
            raise AssertionError(f"not refused: {answer}")
        self.assertEqual(Reader().item(items[0].id)["snippet"], "Together")
