"""The requests of Esri's old license scripts for Python 2.7 and 3.4, byte by byte: HTTP/1.0, forms
that hold a Python list as it prints, lists that are asked for without a page, and no JSON but by f.

The facts are those of the REST notes (sections 19 and 21); the scripts themselves are not here.
"""

import csv
import http.client
import io
import json
import os
import ssl
import subprocess
import urllib.parse

from portal import ADMIN, URL, PortalTest, admin, create_user, environment, new_password, unique

PRO = "ArcGIS Pro"


class OldConnection(http.client.HTTPSConnection):
    """Speaks HTTP/1.0, to which no server may answer in chunks."""

    _http_vsn = 10
    _http_vsn_str = "HTTP/1.0"


def post(path, **form):
    """One request as the scripts send it; the answer and its headers."""
    target = urllib.parse.urlsplit(URL)
    context = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
    connection = OldConnection(target.hostname, target.port, context=context, timeout=60)
    body = urllib.parse.urlencode({"f": "json", **form})
    connection.request("POST", target.path + path, body, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    assert answer.status == 200, (path, answer.status, text[:200])
    assert answer.getheader("Transfer-Encoding") is None, path
    return json.loads(text)


def token():
    answer = post("/sharing/rest/generateToken", username=ADMIN, password=environment("RHUMB_PASSWORD"), referer="https", expiration="525600")
    return answer["token"]


class Scripts(PortalTest):
    def setUp(self):
        super().setUp()
        self.token = token()

    def ask(self, path, **form):
        return post("/sharing/rest" + path, token=self.token, **form)

    def pro(self):
        purchases = self.ask("/portals/self/purchases")["purchases"]
        return next(p for p in purchases if p["listing"]["title"] == PRO)

    def entitlements(self):
        item = self.pro()["listing"]["itemId"]
        return {row["username"]: row for row in self.ask(f"/content/listings/{item}/userEntitlements")["userEntitlements"]}

    def test_start_up(self):
        portal = self.ask("/portals/self")
        self.assertNotIn("urlKey", portal)
        self.assertNotIn(":", portal["portalLocalHostname"])
        self.assertEqual(self.ask("/community/self")["username"], ADMIN)
        seats = self.pro()["provision"]["orgEntitlements"]["entitlements"]
        known = {"desktopBasicN", "desktopStdN", "desktopAdvN", "3DAnalystN", "spatialAnalystN", "networkAnalystN", "geostatAnalystN",
                 "dataReviewerN", "workflowMgrN", "dataInteropN", "smpNAmericaN", "smpEuropeN"}
        self.assertLessEqual(set(seats), known)
        self.assertEqual(seats["desktopAdvN"]["num"], 2)

    def test_pages_of_members(self):
        for _ in range(3):
            create_user()
        seen, start = [], 1
        while start != -1:
            page = self.ask("/portals/self/users", start=start, num=20)
            for row in page["users"]:
                self.assertIsInstance(row["lastLogin"], int)
                self.assertIsInstance(row["created"], int)
                seen.append(row["username"])
            start = page["nextStart"]
        self.assertEqual(len(seen), page["total"])
        self.assertEqual(len(seen), len(set(seen)))

    def test_assign_change_and_revoke(self):
        # O'Brien: a Python list mixes its quotes.
        user, _ = create_user(username=unique("obrien"))
        item = self.pro()["listing"]["itemId"]
        where = f"/content/listings/{item}/provisionUserEntitlements"
        for held in (["desktopBasicN", "3DAnalystN"], ["desktopStdN"]):
            answer = self.ask(where, userEntitlements=str({"users": [user.username], "entitlements": held}), suppressCustomerEmail="true")
            self.assertTrue(answer["success"])
            self.assertEqual(sorted(self.entitlements()[user.username]["entitlements"]), sorted(held))
        # One joined string may stand for a list.
        answer = self.ask(where, userEntitlements=str({"users": [user.username], "entitlements": ["desktopBasicN,3DAnalystN"]}))
        self.assertTrue(answer["success"])
        self.assertEqual(sorted(self.entitlements()[user.username]["entitlements"]), ["3DAnalystN", "desktopBasicN"])
        answer = self.ask(where, userEntitlements=str({"users": [user.username], "entitlements": []}))
        self.assertTrue(answer["success"])
        self.assertNotIn(user.username, self.entitlements())

    def test_the_template_of_the_scripts_is_refused(self):
        user, _ = create_user()
        item = self.pro()["listing"]["itemId"]
        answer = self.ask(f"/content/listings/{item}/provisionUserEntitlements",
                          userEntitlements=str({"users": [user.username], "entitlements": ["desktopBasicN", "desktopStdN", "desktopAdvN"]}))
        self.assertEqual(answer["error"]["code"], 400)
        self.assertIsInstance(answer["error"]["details"], list)
        self.assertNotIn(user.username, self.entitlements())

    def test_release(self):
        user, _ = create_user()
        answer = post("/portaladmin/system/licenses/releaseLicense", token=self.token, username=user.username)
        self.assertTrue("success" in answer or "error" in answer, answer)

    def report(self):
        """What rhumb license report says, by member."""
        env = {**os.environ, "RHUMB_USER": ADMIN, "RHUMB_PASSWORD": environment("RHUMB_PASSWORD")}
        out = subprocess.run([environment("RHUMB_BINARY"), "license", "report", "--portal", URL, "--ca", os.environ["SSL_CERT_FILE"], "--format", "csv"],
                             env=env, check=True, capture_output=True, text=True)
        return {row["Username"]: row for row in csv.DictReader(io.StringIO(out.stdout.lstrip("\ufeff")))}

    def test_agree_with_the_report(self):
        held = {}
        for levels in (["desktopBasicN"], ["desktopStdN", "3DAnalystN"]):
            user, _ = create_user()
            admin().admin.license.get(PRO).assign(user.username, levels)
            held[user.username] = sorted(levels)
        scripts = self.entitlements()
        package = {row["username"]: row for row in admin().admin.license.get(PRO).all()}
        report = self.report()
        for name, levels in held.items():
            self.assertEqual(sorted(scripts[name]["entitlements"]), levels)
            self.assertEqual(sorted(package[name]["entitlements"]), levels)
            self.assertEqual(sorted(report[name][PRO].replace(";", ",").replace(" ", "").split(",")), levels)
        self.assertEqual(set(scripts), {name for name, row in report.items() if row[PRO]})
        for name in held:
            admin().admin.license.get(PRO).revoke(name, "*")

    def test_create_and_invite(self):
        name, password = unique("invited"), new_password()
        invitation = {"email": "i@example.com", "firstname": "In", "lastname": "Vited", "username": name, "password": password,
                      "role": "account_user", "fullname": "In Vited"}
        answer = self.ask("/portals/self/invite", invitationList=json.dumps({"invitations": [invitation]}),
                          message="welcome")
        self.assertTrue(answer["success"], answer)
        self.assertEqual(answer["notInvited"], [])
        self.assertEqual(admin().users.get(name).fullName, "In Vited")
