"""Who is in a group, who asks to be, and what a group says of itself, held against plain HTTP."""

from plain import Reader
from portal import RED, PortalTest, admin, create_user, member, unique


class Applications(PortalTest):
    def setUp(self):
        super().setUp()
        self.owner = member()
        self.group = self.owner.groups.create(unique("Club "), "x", access="org", is_invitation_only=False, auto_join=False)
        self.reader = Reader(self.owner.session.auth.token)

    def users(self):
        return self.reader.ask(f"/community/groups/{self.group.id}/users")["users"]

    def ask_to_join(self):
        gis = member()
        self.assertTrue(gis.groups.get(self.group.id).join())
        return gis.users.me.username

    def test_accept_and_decline(self):
        ada, bob = self.ask_to_join(), self.ask_to_join()
        self.assertEqual(self.users(), [])
        self.assertEqual(sorted(a.properties["username"] for a in self.group.applications), sorted([ada, bob]))
        self.assertEqual(self.group.application(ada).properties["fullname"], "Ada Lovelace")
        waiting = {a.properties["username"]: a for a in self.group.applications}
        self.assertTrue(waiting[ada].accept())
        self.assertTrue(waiting[bob].decline())
        self.assertEqual(self.users(), [ada])
        self.assertEqual(self.reader.ask(f"/community/groups/{self.group.id}/applications")["applications"], [])

    def test_invitations_are_not_sent(self):
        guest = member()
        name = guest.users.me.username
        with self.assertRefused("(?i)not supported"):
            self.group.invite_users([name])
        self.assertEqual(self.users(), [])
        # Administrators add without asking.
        mine = admin().groups.create(unique("Called "), "x", access="private")
        with self.assertRefused("(?i)not supported"):
            mine.invite_users([name], role="group_member", expiration=10080)
        self.assertEqual(mine.add_users(name), {"notAdded": []})
        self.assertEqual(Reader(guest.session.auth.token).ask(f"/community/groups/{mine.id}")["userMembership"]["memberType"], "member")

    def test_remove_and_leave(self):
        (ada, _), guest = create_user(), member()
        me = guest.users.me.username
        self.assertEqual(self.group.add_users([ada.username, me]), {"notAdded": []})
        self.assertEqual(self.group.remove_users([ada.username, self.owner.users.me.username]), {"notRemoved": [self.owner.users.me.username]})
        self.assertEqual(self.users(), [me])
        self.assertTrue(guest.groups.get(self.group.id).leave())
        self.assertEqual(self.users(), [])

    def test_reassign_keeps_the_old_owner_in(self):
        heir, _ = create_user()
        self.assertTrue(self.group.reassign_to(heir.username))
        members = Reader().ask(f"/community/groups/{self.group.id}/users")
        self.assertEqual(members["owner"], heir.username)
        self.assertIn(self.owner.users.me.username, [*members["users"], *members["admins"]])


class Settings(PortalTest):
    def read(self, group):
        return Reader().ask(f"/community/groups/{group.id}")

    def test_create_from_dict(self):
        title = unique("Wörter ")
        group = admin().groups.create_from_dict(
            {"title": title, "tags": ["x", "y z"], "access": "org", "isInvitationOnly": True, "snippet": "s", "leavingDisallowed": True}
        )
        read = self.read(group)
        self.assertEqual([read["title"], read["tags"], read["snippet"], read["access"]], [title, ["x", "y z"], "s", "org"])
        self.assertEqual([read["isInvitationOnly"], read["leavingDisallowed"], read["autoJoin"]], [True, True, False])

    def test_all_settings(self):
        group = admin().groups.create(
            unique("Full "), ["x"], access="org", display_settings="maps", leaving_disallowed=True, hidden_members=True, membership_access="org",
            is_invitation_only=True, sort_field="title", sort_order="asc", is_view_only=True,
        )
        names = ("leavingDisallowed", "hiddenMembers", "membershipAccess", "isInvitationOnly", "sortField", "sortOrder", "isViewOnly")
        read = self.read(group)
        self.assertEqual([read[n] for n in names], [True, True, "org", True, "title", "asc", True])
        self.assertEqual(read["displaySettings"], {"itemTypes": "Web Map"})
        self.assertTrue(group.homepage.endswith(f"?id={group.id}"))
        title = unique("Changed ")
        self.assertTrue(group.update(
            title=title, access="private", is_invitation_only=False, sort_field="owner", sort_order="desc", is_view_only=False,
            leaving_disallowed=False, hidden_members=False, display_settings="apps",
        ))
        read = self.read(group)
        self.assertEqual([read["title"], read["access"]], [title, "private"])
        self.assertEqual([read[n] for n in names if n != "membershipAccess"], [False, False, False, "owner", "desc", False])
        self.assertNotEqual(read["displaySettings"], {"itemTypes": "Web Map"})

    def test_what_only_administrators_may_set(self):
        with self.assertRefused("(?s)You do not have permissions.*Error Code: 403"):
            member().groups.create(unique("Cage "), "x", access="org", leaving_disallowed=True)

    def test_clear(self):
        group = admin().groups.create(unique("Clear "), "x", description="goes", snippet="goes")
        self.assertTrue(group.update(description="", snippet="", clear_empty_fields=True))
        read = self.read(group)
        self.assertFalse(read["description"] or read["snippet"])
        self.assertEqual(read["title"], group.title)

    def test_hidden_members(self):
        guest, other = member(), member()
        group = admin().groups.create(unique("Veiled "), "x", access="org", hidden_members=True)
        group.add_users([guest.users.me.username])
        self.assertEqual(group.get_members()["users"], [guest.users.me.username])
        shown = Reader(other.session.auth.token).ask(f"/community/groups/{group.id}/users")
        self.assertNotIn(guest.users.me.username, str(shown))

    def test_thumbnail(self):
        group = admin().groups.create(unique("Face "), "x", thumbnail=self.write("face.png", RED))
        name = self.read(group)["thumbnail"]
        self.assertEqual(Reader().bytes(f"/community/groups/{group.id}/info/{name}")[1:], ("image/png", RED))
        self.assertIn(f"/groups/{group.id}/info/", group.get_thumbnail_link())
        self.assertTrue(group.delete_group_thumbnail())
        self.assertIsNone(self.read(group)["thumbnail"])

    def test_search_and_filter(self):
        word = unique("wren")
        made = [admin().groups.create(f"{word} {n}", "x", access="org") for n in range(3)]
        found = admin().groups.search(f"title:{word}", filter=f'title:"{made[1].title}"')
        self.assertEqual([g.id for g in found], [made[1].id])
        plain = Reader().ask("/community/groups", q=f"title:{word}", sortField="title", sortOrder="desc", num=2)
        self.assertEqual([g["id"] for g in plain["results"]], [made[2].id, made[1].id])
        found = admin().groups.search(f"title:{word}", sort_order="desc", max_groups=2)
        self.assertEqual([g.id for g in found], [made[2].id, made[1].id])

    def test_protect_and_delete(self):
        group = admin().groups.create(unique("Safe "), "x")
        group.protected = True
        self.assertIs(self.read(group)["protected"], True)
        with self.assertRefused("protected"):
            group.delete()
        group.protected = False
        self.assertTrue(group.delete())
        self.assertEqual(self.read(group)["error"]["messageCode"], "COM_0003")
