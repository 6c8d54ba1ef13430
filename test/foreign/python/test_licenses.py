"""Licenses: products, entitlements, app bundles and user types."""

from portal import PortalTest, admin, create_user, sign_in

PRO = "ArcGIS Pro"
INSIGHTS = "ArcGIS Insights"


def license(title=PRO):
    return admin().admin.license.get(title)


class Licenses(PortalTest):
    def test_products(self):
        titles = {one.properties["listing"]["title"] for one in admin().admin.license.all()}
        self.assertEqual(titles, {PRO, INSIGHTS})
        seats = license().properties["provision"]["orgEntitlements"]["entitlements"]
        self.assertEqual(seats["desktopAdvN"]["num"], 2)

    def test_assign_change_and_revoke(self):
        user, _ = create_user()
        pro = license()
        self.assertTrue(pro.assign(user.username, ["desktopBasicN", "3DAnalystN"]))
        self.assertEqual(pro.user_entitlement(user.username)["entitlements"], ["desktopBasicN", "3DAnalystN"])
        self.assertTrue(pro.assign(user.username, ["desktopStdN"]))
        self.assertEqual(pro.user_entitlement(user.username)["entitlements"], ["desktopStdN"])
        holders = {row["username"] for row in pro.all()}
        self.assertIn(user.username, holders)
        report = {row["Entitlement"]: row for _, row in pro.report.iterrows()}
        self.assertEqual(report["desktopStdN"]["Total"], 5)
        self.assertGreaterEqual(report["desktopStdN"]["Assigned"], 1)
        self.assertTrue(pro.revoke(user.username, "*"))
        self.assertFalse(pro.user_entitlement(user.username))

    def test_seats_run_out(self):
        holder, late = create_user()[0], create_user()[0]
        pro = license()
        self.assertTrue(pro.assign(holder.username, ["desktopBasicN", "spatialAnalystN"]))
        with self.assertRefused("No seat of the spatialAnalystN of ArcGIS Pro is free"):
            pro.assign(late.username, ["desktopBasicN", "spatialAnalystN"])
        self.assertTrue(pro.revoke(holder.username, "*"))

    def test_more_holders_than_a_page(self):
        users = [create_user()[0].username for _ in range(105)]
        insights = license(INSIGHTS)
        for name in users:
            insights.assign(name, ["insights"])
        self.assertLessEqual(set(users), {row["username"] for row in insights.all()})

    def test_bundles(self):
        user, _ = create_user()
        bundle = next(b for b in admin().admin.license.bundles if "Field Operations" in str(b))
        self.assertTrue(bundle.assign(user.username))
        self.assertIn(user.username, [u["username"] if isinstance(u, dict) else u.username for u in bundle.users])
        self.assertEqual(len(user.bundles), 1)
        self.assertTrue(bundle.revoke(user.username))

    def test_provisions(self):
        user, password = create_user()
        license().assign(user.username, ["desktopBasicN"])
        mine = sign_in(user.username, password).users.me
        self.assertEqual([p.itemid for p in mine.provisions], [license().properties["listing"]["itemId"]])
        self.assertEqual(mine.user_types()["id"], "creatorUT")

    def test_deleting_a_member_frees_the_seat(self):
        user, _ = create_user()
        license().assign(user.username, ["desktopAdvN"])
        self.assertTrue(user.delete())
        self.assertNotIn(user.username, {row["username"] for row in license().all()})
