from portal import ADMIN, BLUE, ID32, RED, PortalTest, admin, create_user, member, unique


class Groups(PortalTest):
    @classmethod
    def setUpClass(cls):
        cls.owner = member()
        cls.name = cls.owner.users.me.username

    def group(self, **fields):
        options = {"title": unique("Group "), "tags": "test", "access": "org", **fields}
        group = self.owner.groups.create(**options)
        self.assertIsNotNone(group)
        return group

    def test_create_and_get(self):
        title = unique("Straßen & Wege ")
        made = self.group(
            title=title, tags=["streets", "Wege"], description="All <i>ways</i>", snippet="short",
            is_invitation_only=True, is_view_only=True, sort_field="title", sort_order="asc",
        )
        self.assertRegex(made.id, ID32)
        read = self.owner.groups.get(made.id)
        self.assertEqual(read.title, title)
        self.assertEqual(read.owner, self.name)
        self.assertEqual(list(read.tags), ["streets", "Wege"])
        self.assertEqual(read.description, "All <i>ways</i>")
        self.assertEqual(read.snippet, "short")
        self.assertEqual(read.access, "org")
        self.assertIs(read.isInvitationOnly, True)
        self.assertIs(read.isViewOnly, True)

    def test_get_of_nothing_is_none(self):
        self.assertIsNone(self.owner.groups.get("0" * 32))
        hidden = self.group(access="private")
        self.assertIsNone(member().groups.get(hidden.id))

    def test_search(self):
        word = unique("zebra")
        titles = [self.group(title=f"{word} {i:02}").title for i in range(12)]
        found = admin().groups.search(f"title:{word}", sort_field="title", sort_order="asc")
        self.assertEqual([g.title for g in found], titles)
        found = admin().groups.search(f"title:{word}", max_groups=5)
        self.assertEqual([g.title for g in found], titles[:5])
        found = admin().groups.search(f'title:"{word} 07" AND owner:{self.name}')
        self.assertEqual([g.title for g in found], [f"{word} 07"])
        self.assertEqual(admin().groups.search(f"title:{word} AND owner:nobody"), [])
        ids = [g.id for g in admin().groups.search()]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertGreaterEqual(len(ids), 12)

    def test_members(self):
        group = self.group()
        (ada, _), (bob, _) = create_user(), create_user()
        answer = group.add_users([ada.username, bob.username, "nobody_of_that_name"])
        self.assertEqual(answer["notAdded"], ["nobody_of_that_name"])
        members = group.get_members()
        self.assertEqual(members["owner"], self.name)
        self.assertEqual(members["admins"], [self.name])
        self.assertEqual(sorted(members["users"]), sorted([ada.username, bob.username]))
        self.assertEqual([g.id for g in admin().users.get(ada.username).groups], [group.id])

        self.assertEqual(group.add_users(admins=[ada.username])["notAdded"], [])
        answer = group.remove_users([bob.username])
        self.assertEqual(answer["notRemoved"], [])
        members = self.owner.groups.get(group.id).get_members()
        self.assertEqual(sorted(members["admins"]), sorted([self.name, ada.username]))
        self.assertEqual(members["users"], [])

    def test_managers(self):
        group = self.group()
        user, _ = create_user()
        group.add_users([user.username])
        group.update_users_roles(managers=[user.username])
        self.assertIn(user.username, group.get_members()["admins"])
        group.update_users_roles(users=[user.username])
        self.assertEqual(group.get_members()["users"], [user.username])
        listed = group.user_list()
        self.assertEqual([(u["username"], u["memberType"]) for u in listed["users"]], [(user.username, "member")])

    def test_update(self):
        group = self.group(description="before", snippet="keep")
        self.assertTrue(group.update(description="after", tags="x,y"))
        read = self.owner.groups.get(group.id)
        self.assertEqual(read.title, group.title)
        self.assertEqual(read.description, "after")
        self.assertEqual(read.snippet, "keep")
        self.assertEqual(list(read.tags), ["x", "y"])

    def test_thumbnail(self):
        group = self.group(thumbnail=self.write("group pic.png", RED))
        self.assertEqual(self.owner.groups.get(group.id).get_thumbnail(), RED)
        self.assertTrue(group.update(thumbnail=self.write("pic2.png", BLUE)))
        path = self.owner.groups.get(group.id).download_thumbnail(self.folder)
        self.assertEqual(self.read(path), BLUE)

    def test_join_and_leave(self):
        group = self.group(auto_join=True, is_invitation_only=False)
        guest = member()
        same = guest.groups.get(group.id)
        self.assertTrue(same.join())
        self.assertEqual(group.get_members()["users"], [guest.users.me.username])
        self.assertTrue(same.leave())
        self.assertEqual(group.get_members()["users"], [])

    def test_protect_and_delete(self):
        group = self.group()
        group.protected = True
        self.assertIs(self.owner.groups.get(group.id).protected, True)
        with self.assertRefused("protected from deletion"):
            group.delete()
        self.assertIsNotNone(self.owner.groups.get(group.id))
        group.protected = False
        self.assertTrue(group.delete())
        self.assertIsNone(self.owner.groups.get(group.id))

    def test_reassign(self):
        group = self.group()
        heir, _ = create_user()
        self.assertTrue(admin().groups.get(group.id).reassign_to(heir.username))
        self.assertEqual(admin().groups.get(group.id).owner, heir.username)

    def test_shared_update(self):
        gis = admin()
        group = gis.groups.create(unique("Editors "), "x", access="org", users_update_items=True)
        self.assertEqual(list(gis.groups.get(group.id).capabilities), ["updateitemcontrol"])
        self.assertTrue(group.update(snippet="still"))
        self.assertEqual(list(gis.groups.get(group.id).capabilities), ["updateitemcontrol"])

    def test_strangers_change_nothing(self):
        group = self.group()
        same = member().groups.get(group.id)
        for attempt in (
            lambda: same.update(description="mine now"), same.delete, lambda: same.add_users([ADMIN]), lambda: same.reassign_to(ADMIN)
        ):
            with self.assertRefused("(?s)You do not have permissions.*Error Code: 403"):
                attempt()
        self.assertFalse(self.owner.groups.get(group.id).description)
