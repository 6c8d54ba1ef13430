"""The organization as its administrators see and set it, held against plain HTTP."""

from plain import Reader
from portal import ADMIN, PortalTest, admin, create_user, member, new_password, unique


class Organization(PortalTest):
    def self(self):
        return Reader().ask("/portals/self")

    def test_properties(self):
        before = self.self()
        summary = unique("Karten & <b>mehr</b> ")
        self.addCleanup(admin().update_properties, {"summary": "", "description": "", "clearEmptyFields": True})
        self.assertTrue(admin().update_properties({"summary": summary, "description": "<p>Zürich</p>"}))
        now = self.self()
        self.assertEqual([now["summary"], now["description"], now["name"]], [summary, "<p>Zürich</p>", before["name"]])
        self.assertEqual(admin().properties["summary"], summary)
        with self.assertRefused("(?i)permission"):
            member().update_properties({"summary": "mine"})
        self.assertEqual(self.self()["summary"], summary)

    def test_settings(self):
        banner = {"text": "Geschlossen", "bgColor": "#ffffff", "fontColor": "#000000", "enabled": True}
        admin().org_settings = {"informationalBanner": banner}
        self.addCleanup(setattr, admin(), "org_settings", {"informationalBanner": {**banner, "text": "", "enabled": False}})
        self.assertEqual(Reader().ask("/portals/self/settings")["informationalBanner"], banner)
        self.assertEqual(admin().org_settings["informationalBanner"]["text"], "Geschlossen")

    def test_user_experience(self):
        ux = admin().admin.ux
        self.addCleanup(admin().update_properties, {"description": "", "helpBase": "", "contacts": "", "portalProperties": "{}", "clearEmptyFields": True})
        ux.description = "<i>Lang</i>"
        ux.description_visibility = True
        ux.contact_link = "mailto:karten@example.com"
        ux.admin_contacts = [ADMIN]
        now = self.self()
        self.assertEqual([now["description"], now["showHomePageDescription"], now["contacts"]], ["<i>Lang</i>", True, [ADMIN]])
        self.assertEqual(now["portalProperties"]["links"]["contactUs"], {"url": "mailto:karten@example.com", "visible": True})
        self.assertEqual([ux.description, ux.contact_link["contactUs"]["url"]], ["<i>Lang</i>", "mailto:karten@example.com"])
        group = admin().groups.create(unique("Gallery "), "x", access="public")
        ux.gallery_group = group
        self.assertEqual(self.self()["featuredItemsGroupQuery"], f"id:{group.id}")

    def test_name_is_set_and_its_translation_is_not(self):
        # The package sends the translation to an operation that no documentation knows.
        before = self.self()["name"]
        self.addCleanup(admin().update_properties, {"name": before})
        with self.assertRefused("Error Code: 404"):
            admin().admin.ux.name = "Amt für Karten"
        self.assertEqual(self.self()["name"], "Amt für Karten")

    def test_defaults_of_new_members(self):
        users = admin().users
        self.addCleanup(Reader().ask, "/portals/self/userDefaultSettings/delete")
        users.user_settings = {"role": "publisher", "userLicenseType": "creatorUT"}
        plain = Reader().ask("/portals/self/userDefaultSettings")
        self.assertEqual([plain["role"], plain["userLicenseType"]], ["org_publisher", "creatorUT"])
        self.assertEqual(users.user_settings["userLicenseType"], "creatorUT")
        name = unique("default")
        users.create(name, new_password(), "De", "Fault", "d@example.com", role=None, user_type=None)
        read = Reader().ask(f"/community/users/{name}")
        self.assertEqual([read["role"], read["userLicenseTypeId"]], ["org_publisher", "creatorUT"])

    def test_languages_and_regions(self):
        cultures = {row["culture"] for row in admin().languages}
        self.assertLessEqual({"de", "en", "fr", "it"}, {c.split("-")[0] for c in cultures})
        self.assertLessEqual({"CH", "DE", "US", "WO"}, {row["region"] for row in admin().regions})
        self.assertEqual(cultures, {row["culture"] for row in Reader("").ask("/portals/languages")})

    def test_collections_that_hold_nothing(self):
        self.assertEqual(admin().admin.webhooks.list(), [])
        self.assertEqual(admin().admin.collaborations.list(), [])
        self.assertEqual(list(admin().admin.scheduled_tasks()), [])
        self.assertEqual(admin().servers, {"servers": []})

    def test_administration(self):
        self.assertEqual(admin().admin.properties["version"], "11.1")
        self.assertIsNone(member().admin)


class Roles(PortalTest):
    READ = ["portal:user:viewOrgItems", "portal:user:viewOrgUsers"]

    def stored(self, role):
        return Reader().ask(f"/portals/self/roles/{role.role_id}")

    def test_privileges_take_effect_at_once(self):
        role = admin().users.roles.create(unique("Maker "), "Makes.", [*self.READ, "portal:user:createItem"])
        gis = member(role=role.role_id)
        item = gis.content.add({"title": "Made", "type": "Web Map", "tags": "x", "text": "{}"})
        role.privileges = self.READ
        self.assertEqual(sorted(Reader().ask(f"/portals/self/roles/{role.role_id}/privileges")["privileges"]), self.READ)
        with self.assertRefused("Error Code: 403"):
            gis.content.add({"title": "Late", "type": "Web Map", "tags": "x", "text": "{}"})
        self.assertEqual(Reader().item(item.id)["title"], "Made")

    def test_names_and_descriptions(self):
        role = admin().users.roles.create(unique("Zeichner "), "Zeichnet <b>.", self.READ)
        self.assertEqual(self.stored(role)["description"], "Zeichnet <b>.")
        new = unique("Malerin ")
        role.name = new
        role.description = "Malt & mehr."
        self.assertEqual([self.stored(role)["name"], self.stored(role)["description"]], [new, "Malt & mehr."])
        self.assertTrue(admin().users.roles.exists(new))
        # A second of that name is refused; the package gives the first.
        self.assertEqual(admin().users.roles.create(new, "Twice.", self.READ).role_id, role.role_id)
        self.assertEqual([r["id"] for r in Reader().ask("/portals/self/roles", num=100)["roles"] if r["name"] == new], [role.role_id])

    def test_members_go_from_one_role_to_another(self):
        roles = admin().users.roles
        old, new = roles.create(unique("Old "), "Goes.", self.READ), roles.create(unique("New "), "Comes.", self.READ)
        names = [create_user(role=old.role_id)[0].username for _ in range(3)]
        with self.assertRefused("(?i)role"):
            if not old.delete():
                raise AssertionError("role: not deleted")
        self.assertIn("name", self.stored(old))
        for name in names:
            self.assertTrue(admin().users.get(name).update_role(new))
        self.assertEqual([Reader().ask(f"/community/users/{name}")["roleId"] for name in names], [new.role_id] * 3)
        self.assertTrue(old.delete())
        self.assertIn("error", self.stored(old))

    def test_cloning_to_the_same_portal_makes_no_double(self):
        role = admin().users.roles.create(unique("Twin "), "Once.", self.READ)
        for job in admin().users.roles.clone([role]):
            job.result()
        same = [r["id"] for r in Reader().ask("/portals/self/roles", num=100)["roles"] if r["name"] == role.name]
        self.assertEqual(same, [role.role_id])

    def test_roles_are_for_administrators(self):
        with self.assertRefused("(?s)You do not have permissions.*Error Code: 403"):
            member().users.roles.create(unique("Crown "), "x", ["portal:admin:viewUsers"])
