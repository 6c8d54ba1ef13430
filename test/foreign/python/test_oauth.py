"""Sign-in by registered apps, by code and by token, and what dead credentials open."""

import unittest.mock

from arcgis.gis import GIS

from plain import REST, Reader, code_by_page, send, token
from portal import URL, PortalTest, admin, create_user, member, new_password, sign_in, unique

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"


def register(app_type="multiple", uris=(OUT_OF_BAND,), gis=None):
    """An app of the administrator: its item and what its registration answers."""
    item = (gis or admin()).content.add({"title": unique("App "), "type": "Application", "tags": "app", "url": "https://app.example.com"})
    return item, item.register(app_type, list(uris))


def by_code(client_id, username, password, answer=code_by_page):
    """GIS(url, client_id=...): the package opens a browser and asks for the code at the terminal."""
    opened = []

    def prompted(*_):
        [address] = opened
        return answer(address, username, password)

    with unittest.mock.patch("webbrowser.open", lambda address, *_, **__: opened.append(address) or True), \
            unittest.mock.patch("getpass.getpass", prompted), unittest.mock.patch("builtins.input", prompted), \
            unittest.mock.patch("builtins.print"):
        return GIS(URL, client_id=client_id, set_active=False)


class Apps(PortalTest):
    def test_register_and_unregister(self):
        item, info = register(uris=[OUT_OF_BAND, "https://app.example.com/done"])
        self.assertEqual([info["itemId"], info["appType"]], [item.id, "multiple"])
        self.assertEqual(info["redirect_uris"], [OUT_OF_BAND, "https://app.example.com/done"])
        self.assertEqual(item.app_info["client_id"], info["client_id"])
        plain = Reader().ask(f"/content/users/{item.owner}/items/{item.id}/registeredAppInfo")
        self.assertEqual([plain["client_id"], plain["client_secret"]], [info["client_id"], info["client_secret"]])
        self.assertIn("Registered App", Reader().item(item.id)["typeKeywords"])
        self.assertTrue(item.unregister())
        self.assertNotIn("Registered App", Reader().item(item.id)["typeKeywords"])
        self.assertIn("error", Reader().ask(f"/oauth2/apps/{info['client_id']}"))
        with self.assertRefused("authorize answers 400"):
            by_code(info["client_id"], *self.person())

    def person(self):
        user, password = create_user()
        return user.username, password

    def test_code_from_the_sign_in_page(self):
        _, info = register()
        username, password = self.person()
        gis = by_code(info["client_id"], username, password)
        self.assertEqual(gis.users.me.username, username)
        self.assertEqual(gis.properties.user.username, username)
        made = gis.content.add({"title": "By code", "type": "Web Map", "tags": "x", "text": "{}"})
        self.assertEqual(Reader().item(made.id)["owner"], username)
        self.assertEqual(Reader(gis.session.auth.token).ask("/community/self")["username"], username)

    def test_a_wrong_code_opens_nothing(self):
        _, info = register()
        with self.assertRefused("(?i)code"):
            by_code(info["client_id"], *self.person(), answer=lambda *_: "not-a-code")

    def test_a_code_is_good_once(self):
        _, info = register()
        codes = []

        def remember(*args):
            codes.append(code_by_page(*args))
            return codes[-1]

        username, password = self.person()
        gis = by_code(info["client_id"], username, password, answer=remember)
        self.assertEqual(gis.users.me.username, username)
        with self.assertRefused("(?i)code"):
            by_code(info["client_id"], username, password, answer=lambda *_: codes[0])

    def test_name_and_password_through_an_app(self):
        _, info = register()
        username, password = self.person()
        gis = sign_in(username, password, client_id=info["client_id"])
        self.assertEqual(gis.users.me.username, username)
        # The package trips over its own variable where the page comes again; nobody is signed in.
        with self.assertRaises(Exception):
            sign_in(username, new_password(), client_id=info["client_id"])

    def test_an_app_signs_itself_in(self):
        owner = member()
        item, info = register(gis=owner)
        public = owner.content.add({"title": unique("Open "), "type": "Web Map", "tags": "x", "text": "{}"})
        public.sharing.sharing_level = "EVERYONE"
        gis = GIS(URL, client_id=info["client_id"], client_secret=info["client_secret"], set_active=False)
        self.assertIsNone(gis.users.me)
        self.assertEqual([gis.properties.appInfo.appId, gis.properties.appInfo.itemId], [info["client_id"], item.id])
        self.assertEqual(gis.properties.appInfo.appOwner, owner.users.me.username)
        self.assertEqual(gis.content.get(public.id).title, public.title)
        self.assertIsNone(gis.content.get(item.id))
        with self.assertRefused("(?i)client_secret"):
            GIS(URL, client_id=info["client_id"], client_secret="0" * 32, set_active=False)
        # The token ends with the registration.
        given = gis.session.auth.token
        self.assertEqual(Reader(given).ask("/portals/self")["appInfo"]["appId"], info["client_id"])
        item.unregister()
        self.assertEqual(Reader(given).ask("/portals/self")["error"]["code"], 498)


class Tokens(PortalTest):
    def test_token_of_a_member(self):
        user, password = create_user()
        gis = GIS(URL, token=token(user.username, password), set_active=False)
        self.assertEqual(gis.users.me.username, user.username)
        item = gis.content.add({"title": "By token", "type": "Web Map", "tags": "x", "text": "{}"})
        self.assertEqual(Reader().item(item.id)["owner"], user.username)

    def test_an_invalid_token_is_nobody(self):
        # The package takes a refused token for none; the portal says which it was.
        gis = GIS(URL, token="no-token-of-this-portal", set_active=False)
        self.assertNotIn("user", gis.properties)
        self.assertIsNone(gis.users.me)
        self.assertEqual(Reader("no-token-of-this-portal").ask("/portals/self")["error"]["code"], 498)

    def test_a_revoked_token_opens_nothing(self):
        user, password = create_user()
        given = token(user.username, password)
        gis = GIS(URL, token=given, set_active=False)
        item = gis.content.add({"title": "Kept", "type": "Web Map", "tags": "x", "text": "{}"})
        self.assertIn(b"true", send(REST + "/oauth2/revokeToken", {"f": "json", "auth_token": given, "client_id": "arcgisonline"})[1])
        self.dead(given, item)

    def test_tokens_die_with_their_member(self):
        user, password = create_user()
        given = token(user.username, password)
        gis = GIS(URL, token=given, set_active=False)
        item = gis.content.add({"title": "Kept", "type": "Web Map", "tags": "x", "text": "{}"})
        user.disable()
        self.dead(given, item)
        user.enable()
        self.assertEqual(sign_in(user.username, password).content.get(item.id).title, "Kept")

    def dead(self, given, item):
        for attempt in (lambda: item.update({"title": "Late"}), item.delete):
            with self.assertRefused("(?i)token"):
                attempt()
        self.assertEqual(Reader(given).item(item.id)["error"]["code"], 498)
        self.assertEqual(Reader().item(item.id)["title"], "Kept")
