import time

from arcgis.gis import GIS

from portal import ADMIN, URL, PortalTest, admin, create_user, environment, new_password, sign_in


class SignIn(PortalTest):
    def test_password(self):
        gis = sign_in(ADMIN, environment("RHUMB_PASSWORD"))
        self.assertEqual(gis.users.me.username, ADMIN)
        self.assertEqual(gis.properties.user.username, ADMIN)
        self.assertEqual(gis.users.me.role, "org_admin")

    def test_properties(self):
        properties = admin().properties
        self.assertRegex(properties.id, r"^[0-9A-Za-z]{8,}$")
        self.assertIs(properties.isPortal, True)
        self.assertEqual(properties.portalMode, "singletenant")
        self.assertEqual(properties.portalHostname, URL.removeprefix("https://"))
        self.assertEqual(admin().url, URL)
        self.assertGreater(len(properties.name), 0)
        self.assertGreater(len(properties.portalName), 0)
        self.assertIn("portal:admin:viewUsers", properties.user.privileges)
        self.assertNotIn("urlKey", properties)
        self.assertEqual([int(n) for n in admin().version], [10, 3])

    def test_generate_token(self):
        user, password = create_user()
        gis = sign_in(user.username, password, use_gen_token=True)
        self.assertEqual(gis.users.me.username, user.username)

    def test_given_token(self):
        token = admin().session.auth.token
        gis = GIS(URL, token=token, set_active=False)
        self.assertEqual(gis.properties.user.username, ADMIN)

    def test_member(self):
        user, password = create_user(firstname="Grace", lastname="Hopper")
        me = sign_in(user.username, password).users.me
        self.assertEqual(me.username, user.username)
        self.assertEqual(me.fullName, "Grace Hopper")
        self.assertEqual(me.role, "org_publisher")

    def test_anonymous(self):
        gis = GIS(URL, set_active=False)
        self.assertEqual(gis.properties.id, admin().properties.id)
        self.assertNotIn("user", gis.properties)
        self.assertIsNone(gis.users.me)

    def test_wrong_password(self):
        user, password = create_user()
        with self.assertRefused("(?i)invalid username or password"):
            sign_in(user.username, new_password())
        # The client tries a wrong password several times; the right one still opens.
        self.assertEqual(sign_in(user.username, password).users.me.username, user.username)

    def test_last_login_moves(self):
        before = time.time() * 1000 - 1000
        user, password = create_user()
        self.assertEqual(admin().users.get(user.username).lastLogin, -1)
        sign_in(user.username, password)
        self.assertGreaterEqual(admin().users.get(user.username).lastLogin, before)
