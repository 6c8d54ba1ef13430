"""What is done to one member and to many, held against plain HTTP."""

from plain import Reader, change_by_page, token
from portal import RED, PortalTest, admin, create_user, member, new_password, sign_in, unique


def read(username):
    return Reader().ask(f"/community/users/{username}")


class Members(PortalTest):
    def test_all_fields(self):
        user, _ = create_user()
        self.assertTrue(user.update(
            preferred_view="GIS", region="CH", first_name="Grace", last_name="Hopper", email="grace@example.com", culture="de", culture_format="us",
            description="<b>Rear</b> admiral", tags=["navy", "COBOL"], access="public", categories=["/Categories/Staff"],
        ))
        now = read(user.username)
        names = ("preferredView", "region", "firstName", "lastName", "fullName", "email", "cultureFormat", "description", "tags", "access", "categories")
        self.assertEqual([now[n] for n in names], [
            "GIS", "CH", "Grace", "Hopper", "Grace Hopper", "grace@example.com", "us", "<b>Rear</b> admiral", ["navy", "COBOL"], "public", ["/Categories/Staff"],
        ])
        self.assertEqual(Reader("").ask(f"/community/users/{user.username}").get("email"), None)

    def test_thumbnail(self):
        gis = member()
        me = gis.users.me
        self.assertTrue(me.update(thumbnail=self.write("me.png", RED)))
        name = read(me.username)["thumbnail"]
        self.assertEqual(Reader().bytes(f"/community/users/{me.username}/info/{name}")[1:], ("image/png", RED))
        self.assertTrue(gis.users.get(me.username).delete_thumbnail())
        self.assertIsNone(read(me.username)["thumbnail"])

    def test_landing_page(self):
        gis = member()
        me = gis.users.me
        me.landing_page = "gallery"
        self.assertEqual(gis.users.get(me.username).landing_page, "gallery")
        self.assertEqual(Reader(gis.session.auth.token).ask(f"/community/users/{me.username}/properties")["properties"], {"landingPage": {"url": "gallery.html"}})

    def test_passwords(self):
        user, password = create_user()
        newer, temporary = new_password(), new_password()
        gis = sign_in(user.username, password)
        self.assertTrue(gis.users.me.reset(password, newer))
        self.assertEqual(Reader(token(user.username, newer)).ask("/community/self")["username"], user.username)
        # What an administrator sets is to be changed on the page for people; it opens nothing else.
        for change in (lambda: user.expire_password(temporary), lambda: user.update(password=temporary)):
            given = Reader(token(user.username, newer))
            self.assertEqual(given.ask("/community/self")["username"], user.username)
            self.assertTrue(change())
            self.assertEqual(given.ask("/community/self")["error"]["code"], 498)
            for word in (newer, temporary):
                with self.assertRaises(Exception):
                    sign_in(user.username, word)
            self.assertEqual(change_by_page(user.username, temporary, newer), user.username)
            self.assertEqual(sign_in(user.username, newer).users.me.username, user.username)

    def test_nothing_waits_for_a_member(self):
        me = member().users.me
        self.assertEqual([me.notifications, me.invitations.list], [[], []])
        self.assertEqual([me.linked_accounts, me.bundles, me.provisions], [[], [], []])
        self.assertIs(me.esri_access, False)
        self.assertEqual(me.user_types()["id"], "creatorUT")

    def test_links(self):
        user, _ = create_user()
        self.assertTrue(user.homepage.endswith(f"user={user.username}"))
        self.assertTrue(user.get_thumbnail_link().startswith("https://"))

    def test_content_goes_to_another(self):
        giver, heir = member(), member()
        title = unique("Erbe ")
        item = giver.content.folders.create(title).add({"title": "Inside", "type": "Web Map", "tags": "x"}, text='{"a": 1}').result()
        group = giver.groups.create(unique("Nachlass "), "x", access="org")
        user = admin().users.get(giver.users.me.username)
        self.assertTrue(user.reassign_to(heir.users.me.username))
        now = Reader().item(item.id)
        self.assertEqual([now["owner"], Reader().ask(f"/community/groups/{group.id}")["owner"]], [heir.users.me.username] * 2)
        self.assertEqual(heir.content.get(item.id).get_data(), {"a": 1})
        self.assertTrue(user.delete())
        self.assertEqual(read(user.username)["error"]["messageCode"], "COM_0018")

    def test_own_items_by_folder(self):
        gis = member()
        title = unique("Fach ")
        gis.content.folders.create(title).add({"title": "Inside", "type": "Web Map", "tags": "x"}, text="{}").result()
        gis.content.add({"title": "Root", "type": "Web Map", "tags": "x", "text": "{}"})
        me = gis.users.me
        self.assertEqual([i.title for i in me.items(folder="/")], ["Root"])
        self.assertEqual(sorted(i.title for i in me.items()), ["Inside", "Root"])
        self.assertEqual([i.title for i in me.items(folder=title)], ["Inside"])
        self.assertIn(title, [f.name for f in me.folders])
        same = admin().users.get(me.username)
        self.assertEqual([i.title for i in same.items(folder=title)], ["Inside"])


class Several(PortalTest):
    def test_disable_and_enable(self):
        users = [create_user()[0] for _ in range(3)]
        names = [u.username for u in users]
        self.assertTrue(admin().users.disable_users(users))
        self.assertEqual([read(n)["disabled"] for n in names], [True] * 3)
        self.assertTrue(admin().users.enable_users(names))
        self.assertEqual([read(n)["disabled"] for n in names], [False] * 3)

    def test_delete(self):
        users = [create_user()[0] for _ in range(3)]
        owner = member()
        owner.content.add({"title": "Kept", "type": "Web Map", "tags": "x", "text": "{}"})
        keeper = admin().users.get(owner.users.me.username)
        failed = admin().users.delete_users([*users, keeper])
        self.assertEqual([u if isinstance(u, str) else u.username for u in failed], [keeper.username])
        self.assertEqual([read(u.username)["error"]["messageCode"] for u in users], ["COM_0018"] * 3)
        self.assertEqual(read(keeper.username)["username"], keeper.username)

    def test_lists(self):
        names = {create_user()[0].username for _ in range(3)}
        total = Reader().ask("/portals/self/users", excludeSystemUsers="true")["total"]
        listed = admin().users.all(as_list=True)
        self.assertEqual(listed["total"], total)
        seen = [u.username for u in listed["users"]]
        self.assertEqual([len(seen), len(set(seen))], [total, total])
        self.assertLessEqual(names, set(seen))
        one = min(names)
        self.assertEqual([u.username for u in admin().users.org_search(f"username:{one}")], [one])
        [row] = admin().users.org_search(f"username:{one}", as_dict=True)
        self.assertEqual([row["username"], row["role"]], [one, "org_publisher"])
        # The package sends a role for which no user type is given to nobody, and with one the type for it.
        self.assertEqual([u.username for u in admin().users.search(f"username:{one}", user_type="creatorUT")], [one])
        self.assertEqual(admin().users.search(f"username:{one}", user_type="viewerUT"), [])

    def test_counts(self):
        create_user(role="iAAAAAAAAAAAAAAA", user_type="viewerUT")
        for kind in ("role", "user_type"):
            ours = {c["key"]: c["count"] for c in admin().users.counts(kind, as_df=False)}
            rows = Reader().ask("/portals/self/users", num=100, excludeSystemUsers="true")
            self.assertEqual(sum(ours.values()), rows["total"])
        self.assertGreaterEqual(ours["viewerUT"], 1)

    def test_groups_of_several(self):
        ada, bob = create_user()[0], create_user()[0]
        group = admin().groups.create(unique("Both "), "x", access="org")
        group.add_users([ada.username])
        rows = {r["username"]: [g["id"] for g in r["groups"]] for r in admin().users.user_groups([ada, bob])}
        self.assertEqual(rows, {ada.username: [group.id], bob.username: []})

    def test_categories(self):
        user, _ = create_user()
        answer = admin().users.assign_categories([user], ["/Categories/Crew"])
        self.assertEqual(answer, [{user.username: True}])
        self.assertEqual(read(user.username)["categories"], ["/Categories/Crew"])

    def test_members_do_none_of_it(self):
        gis, (victim, _) = member(), create_user()
        for attempt in (
            lambda: gis.users.disable_users([victim.username]), lambda: gis.users.get(victim.username).update(description="x"),
            lambda: gis.users.get(victim.username).reassign_to(gis.users.me.username), lambda: gis.users.get(victim.username).expire_password(new_password()),
            lambda: gis.users.get(victim.username).update_role("org_admin"),
        ):
            with self.assertRefused("(?i)permission|privilege"):
                attempt()
        now = read(victim.username)
        self.assertEqual([now["disabled"], now["description"], now["role"]], [False, None, "org_publisher"])
