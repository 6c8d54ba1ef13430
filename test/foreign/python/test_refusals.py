"""What this portal does not do: it says so by name, and nothing is changed or half done."""

import unittest.mock

from plain import Reader
from portal import CSV, PortalTest, admin, create_user, member, new_password, unique

NAMED = r"(?s)is not supported by this portal\..*Error Code: 400"


class Refusals(PortalTest):
    @classmethod
    def setUpClass(cls):
        cls.gis = member()

    def refused(self, attempts, text=NAMED):
        for name, attempt in attempts.items():
            with self.subTest(name), self.assertRefused(text), unittest.mock.patch("builtins.print"):
                attempt()

    def test_items(self):
        content = self.gis.content
        item = content.add({"title": "Stays", "type": "Web Map", "tags": "x", "text": "{}"})
        table = content.add({"title": "Table", "type": "CSV", "tags": "x"}, data=self.write(unique("t") + ".csv", CSV))
        reader = Reader(self.gis.session.auth.token)
        before = reader.ask(f"/content/users/{item.owner}")["total"]

        def rate():
            item.rating = 5

        self.refused({
            "add_comment": lambda: item.add_comment("Hello"),
            "rating": rate,
            "delete_rating": item.delete_rating,
            "copy_item": lambda: item.copy_item(title="Copy"),
            "export": lambda: table.export("Copy", "Shapefile"),
            "publish": table.publish,
            "analyze": lambda: content.analyze(item=table),
            "generate": lambda: content.generate(text="a,b", publish_parameters={"type": "csv"}),
            "create_service": lambda: content.create_service(unique("svc")),
            "replace_service": lambda: content.replace_service(item, table),
            "update_thumbnail by address": lambda: item.update_thumbnail(url="https://example.com/x.png"),
            "can_reassign": lambda: content.can_reassign([item], self.gis.users.me),
        })
        self.assertEqual(reader.ask(f"/content/users/{item.owner}")["total"], before)
        now = reader.item(item.id)
        self.assertEqual([now["numComments"], now["numRatings"], now["thumbnail"]], [0, 0, None])
        self.assertEqual(reader.ask(f"/content/items/{item.id}/comments")["comments"], [])

    def test_members(self):
        user, password = create_user()
        before = Reader().ask("/portals/self/users")["total"]
        self.refused({
            "invite": lambda: admin().users.invite("x@example.com"),
            "signup": lambda: admin().users.signup(unique("su"), new_password(), "S U", "s@example.com"),
            "link_account": lambda: user.link_account(create_user()[0], admin()),
            "unlink_account": lambda: user.unlink_account("somebody"),
            "security question": lambda: user.update(security_question=1, security_answer="a"),
            "reset by mail": lambda: user.reset(reset_by_email=True),
            "report": lambda: user.report("content"),
        })
        self.assertEqual(Reader().ask("/portals/self/users")["total"], before + 1)

    def test_groups(self):
        group = self.gis.groups.create(unique("Mute "), "x", access="org")
        self.refused({
            "invite_users": lambda: group.invite_users([create_user()[0].username]),
            "provider": lambda: self.gis.groups.create(unique("LDAP "), "x", provider="enterprise", provider_group_name="crew"),
            "categories": lambda: self.gis.groups.search("x", categories=["/Categories/A"]),
        })
        self.assertEqual(group.get_members()["users"], [])

    def test_what_the_package_keeps_from_enterprise(self):
        # The package looks at the release that the portal speaks as, and asks nothing.
        user, _ = create_user()
        with self.assertRaises(NotImplementedError):
            admin().users.send_notification([user], "s", "m")
        with self.assertRaises(NotImplementedError):
            self.gis.groups.create(unique("Still "), "x").notify([user.username], "s", "m")
        with self.assertRaises(NotImplementedError):
            user.update_level(1)
        with self.assertRefused("only for ArcGIS Online"):
            admin().users.invitations.list()

    def test_what_has_no_route(self):
        with self.assertRefused("Error Code: 404"):
            self.gis.content.is_service_name_available(unique("svc"), "featureService")
        with self.assertRefused("jobId"):
            admin().users.get(self.gis.users.me.username).transfer_content(create_user()[0]).result()
