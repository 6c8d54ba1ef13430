from portal import BLUE, ID32, RED, PortalTest, admin, create_user, member, new_password, sign_in, unique


class Users(PortalTest):
    def test_create_and_get(self):
        username = unique("grace")
        user = admin().users.create(
            username, new_password(), "Grace", "Hopper", "grace@example.com",
            description="Rear admiral", role="org_user", user_type="creatorUT",
        )
        self.assertEqual(user.username, username)
        read = admin().users.get(username)
        self.assertEqual(read.username, username)
        self.assertRegex(read.id, ID32)
        self.assertEqual(read.fullName, "Grace Hopper")
        self.assertEqual(read.firstName, "Grace")
        self.assertEqual(read.lastName, "Hopper")
        self.assertEqual(read.email, "grace@example.com")
        self.assertEqual(read.description, "Rear admiral")
        self.assertEqual(read.role, "org_user")
        self.assertEqual(read.userLicenseTypeId, "creatorUT")
        self.assertEqual(read.provider, "arcgis")
        self.assertIs(read.disabled, False)
        self.assertEqual(list(read.tags), [])
        self.assertEqual(list(read.groups), [])

    def test_get_of_nobody_is_none(self):
        self.assertIsNone(admin().users.get("nobody_of_that_name"))

    def test_create_refuses_taken_names(self):
        user, _ = create_user()
        with self.assertRefused("already exists"):
            admin().users.create(user.username.upper(), new_password(), "A", "B", "a@example.com", role="org_user", user_type="creatorUT")
        self.assertEqual(admin().users.get(user.username).fullName, "Ada Lovelace")

    def test_create_is_for_administrators(self):
        gis = member()
        username = unique("sneaky")
        with self.assertRefused("(?s)You do not have permissions.*Error Code: 403"):
            gis.users.create(username, new_password(), "A", "B", "a@example.com", role="org_user", user_type="creatorUT")
        with self.assertRefused("(?s)password.*Error Code: 400"):
            admin().users.create(username, "short1", "A", "B", "a@example.com", role="org_user", user_type="creatorUT")
        self.assertIsNone(admin().users.get(username))

    def test_search(self):
        family = unique("fam")
        names = [create_user(username=f"{family}{i:02}", lastname=family, role="org_user")[0].username for i in range(12)]
        found = admin().users.search(f"username:{family}*", sort_field="username", sort_order="asc")
        self.assertEqual([u.username for u in found], names)
        found = admin().users.search(f"username:{family}*", sort_field="username", sort_order="desc", max_users=5)
        self.assertEqual([u.username for u in found], names[:-6:-1])
        [one] = admin().users.search(f"username:{names[3]}")
        self.assertEqual(one.fullName, f"Ada {family}")
        self.assertEqual(admin().users.search(f"username:{family}x*"), [])
        everybody = [u.username for u in admin().users.search()]
        self.assertEqual(len(everybody), len(set(everybody)))
        self.assertTrue(set(names) <= set(everybody))

    def test_advanced_search(self):
        family = unique("adv")
        names = [create_user(username=f"{family}{i:02}", role="org_user")[0].username for i in range(11)]
        answer = admin().users.advanced_search(f"username:{family}*", max_users=-1, sort_field="username", sort_order="asc", as_dict=True)
        self.assertEqual([u["username"] for u in answer["results"]], names)
        self.assertEqual(admin().users.advanced_search(f"username:{family}*", return_count=True), 11)

    def test_update(self):
        user, _ = create_user()
        self.assertTrue(user.update(
            description="Zürich & Genève", tags="maps,hydro", fullname="Ada King", access="org", culture="de",
        ))
        read = admin().users.get(user.username)
        self.assertEqual(read.description, "Zürich & Genève")
        self.assertEqual(list(read.tags), ["maps", "hydro"])
        self.assertEqual(read.fullName, "Ada King")
        self.assertEqual(read.culture, "de")
        self.assertEqual(read.access, "org")
        self.assertEqual(read.email, "ada@example.com")

    def test_thumbnail(self):
        gis = member()
        me = gis.users.me
        self.assertTrue(me.update(thumbnail=self.write("me.png", RED)))
        self.assertEqual(gis.users.get(me.username).get_thumbnail(), RED)
        self.assertTrue(me.update(thumbnail=self.write("other.png", BLUE)))
        path = gis.users.get(me.username).download_thumbnail(self.folder)
        self.assertEqual(self.read(path), BLUE)
        self.assertTrue(gis.users.get(me.username).delete_thumbnail())
        self.assertIsNone(gis.users.get(me.username).thumbnail)

    def test_disable_and_enable(self):
        user, password = create_user()
        self.assertTrue(user.disable())
        self.assertIs(admin().users.get(user.username).disabled, True)
        with self.assertRefused("(?i)invalid username or password|disabled"):
            sign_in(user.username, password)
        self.assertTrue(user.enable())
        self.assertEqual(sign_in(user.username, password).users.me.username, user.username)

    def test_reset_password(self):
        user, password = create_user()
        newer = new_password()
        gis = sign_in(user.username, password)
        self.assertTrue(gis.users.me.reset(password=password, new_password=newer))
        self.assertEqual(sign_in(user.username, newer).users.me.username, user.username)
        with self.assertRefused("(?i)invalid username or password"):
            sign_in(user.username, password)

    def test_user_type(self):
        user, _ = create_user(role="iAAAAAAAAAAAAAAA")
        self.assertTrue(user.update_license_type("viewerUT"))
        self.assertEqual(admin().users.get(user.username).userLicenseTypeId, "viewerUT")
        types = {t["id"]: t["name"] for t in admin().users.license_types}
        self.assertEqual(types["creatorUT"], "Creator")
        counts = {c["key"]: c["count"] for c in admin().users.counts("user_type", as_df=False)}
        self.assertGreaterEqual(counts["viewerUT"], 1)

    def test_delete(self):
        user, _ = create_user()
        self.assertTrue(user.delete())
        self.assertIsNone(admin().users.get(user.username))

    def test_delete_hands_content_over(self):
        giver, heir = member(), member()
        item = giver.content.add({"title": "Heirloom", "type": "Web Map", "tags": "x", "text": '{"a": 1}'})
        group_id = giver.groups.create(unique("Heirs "), "x", access="org").id
        user = admin().users.get(giver.users.me.username)
        self.assertTrue(user.delete(reassign_to=heir.users.me.username))
        self.assertIsNone(admin().users.get(user.username))
        self.assertEqual(heir.content.get(item.id).owner, heir.users.me.username)
        self.assertEqual(heir.content.get(item.id).get_data(), {"a": 1})
        self.assertEqual(heir.groups.get(group_id).owner, heir.users.me.username)

    def test_delete_refuses_owners(self):
        gis = member()
        gis.content.add({"title": "Keep", "type": "Web Map", "tags": "x", "text": "{}"})
        user = admin().users.get(gis.users.me.username)
        with self.assertRefused("must not own any items"):
            user.delete()
        self.assertIsNotNone(admin().users.get(user.username))


class Roles(PortalTest):
    PRIVILEGES = ["portal:user:createItem", "portal:user:viewOrgItems"]

    def test_life_of_a_role(self):
        roles = admin().users.roles
        name = unique("Surveyor ")
        self.assertFalse(roles.exists(name))
        role = roles.create(name, "Adds, never shares.", self.PRIVILEGES)
        self.assertTrue(roles.exists(name))
        self.assertIn(name, [r.name for r in roles.all()])
        read = roles.get_role(role.role_id)
        self.assertEqual(read.name, name)
        self.assertEqual(read.description, "Adds, never shares.")
        self.assertEqual(sorted(read.privileges), self.PRIVILEGES)

        read.privileges = [*self.PRIVILEGES, "portal:user:joinGroup"]
        self.assertEqual(len(roles.get_role(role.role_id).privileges), 3)
        read.description = "Changed."
        self.assertEqual(roles.get_role(role.role_id).description, "Changed.")
        self.assertTrue(read.delete())
        self.assertFalse(roles.exists(name))

    def test_role_of_a_member(self):
        name = unique("Reader ")
        role = admin().users.roles.create(name, "Reads.", self.PRIVILEGES)
        user, password = create_user(role="org_user")
        self.assertTrue(user.update_role(role))
        read = admin().users.get(user.username)
        self.assertEqual(read.roleId, role.role_id)
        gis = sign_in(user.username, password)
        self.assertEqual(sorted(gis.properties.user.privileges), self.PRIVILEGES)
        with self.assertRefused("(?s)You do not have permissions.*Error Code: 403"):
            gis.groups.create(unique("g"), "x")
        self.assertTrue(user.update_role("org_publisher"))
        self.assertEqual(admin().users.get(user.username).role, "org_publisher")

    def test_create_user_with_custom_role(self):
        role = admin().users.roles.create(unique("Starter "), "Starts.", self.PRIVILEGES)
        user, _ = create_user(role=role)
        self.assertEqual(admin().users.get(user.username).roleId, role.role_id)

    def test_predefined_roles_are_not_listed(self):
        ids = [r.role_id for r in admin().users.roles.all()]
        self.assertEqual([i for i in ids if i.startswith("org_")], [])
        self.assertIn("iAAAAAAAAAAAAAAA", ids)
        self.assertIn("iBBBBBBBBBBBBBBB", ids)
