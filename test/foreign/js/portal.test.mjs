import assert from "node:assert/strict";
import { test } from "node:test";
import { getPortal, getSelf, searchCommunityUsers, searchUsers } from "@esri/arcgis-rest-portal";
import { request } from "@esri/arcgis-rest-request";
import { adminName, call, createUser, pages, portalURL, refused, rest, signIn, signInAdmin, text, unique } from "./lib/portal.mjs";

const admin = await signInAdmin();
const sorted = (list) => [...list].sort();

test("portals/self describes an Enterprise portal to its administrator", async () => {
  const self = await getSelf({ authentication: admin });
  assert.match(self.id, /^[0-9A-Za-z]{8,}$/);
  assert.equal(self.isPortal, true);
  assert.equal(self.portalMode, "singletenant");
  assert.equal(self.portalHostname, portalURL.replace(/^https?:\/\//, ""));
  assert.ok(self.name.length > 0);
  assert.ok(self.portalName.length > 0);
  assert.equal("urlKey" in self, false, "urlKey must be absent on Enterprise");
  assert.equal(typeof self.helperServices, "object");
  assert.ok(Array.isArray(self.authorizedCrossOriginDomains));
  assert.equal(self.user.username, adminName);
  assert.equal(self.user.role, "org_admin");

  const byId = await getPortal(self.id, { authentication: admin });
  assert.equal(byId.id, self.id);
  assert.equal(byId.name, self.name);
});

test("portals/self answers anonymous callers without a user", async () => {
  const self = await getSelf({ portal: rest });
  assert.equal(self.isPortal, true);
  assert.equal("user" in self, false);
});

test("POST reads like GET, and case and doubled slashes do not matter", async () => {
  const { id } = await admin.getPortal();
  assert.equal((await call(admin, "/portals/self")).id, id);
  assert.equal((await call(admin, "//portals/self")).id, id);
  assert.equal((await request(`${rest}/PORTALS/Self`, { params: { F: "json", TOKEN: admin.token } })).id, id);
});

test("members are found page by page", async () => {
  const family = unique("fam");
  const names = [];
  for (let i = 0; i < 12; i++) {
    const { username } = await createUser(admin, { username: `${family}${i}`, lastname: family, role: "org_user" });
    names.push(username);
  }
  for (const search of [searchUsers, searchCommunityUsers]) {
    const all = await pages(await search({
      q: `username:${family}*`, num: 5, sortField: "username", sortOrder: "asc", authentication: admin,
    }));
    assert.deepEqual(all.map((p) => p.results.length), [5, 5, 2], search.name);
    assert.deepEqual(all.map((p) => p.total), [12, 12, 12]);
    assert.deepEqual(all.map((p) => p.start), [1, 6, 11]);
    assert.deepEqual(all.map((p) => p.nextStart), [6, 11, -1]);
    assert.deepEqual(all.flatMap((p) => p.results.map((u) => u.username)), sorted(names));
  }

  const one = await searchUsers({ q: `username:${names[3]}`, authentication: admin });
  assert.equal(one.total, 1);
  assert.equal(one.results[0].fullName, `Ada ${family}`);
  assert.equal(one.results[0].role, "org_user");
});

test("the members' list pages and counts what can be fetched", async () => {
  const { username } = await createUser(admin);
  const seen = [];
  let page = { nextStart: 1 };
  while (page.nextStart > 0) {
    page = await call(admin, "/portals/self/users", { start: page.nextStart, num: 7 });
    seen.push(...page.users);
  }
  assert.equal(seen.length, page.total);
  assert.equal(new Set(seen.map((u) => u.username)).size, seen.length);
  const found = seen.find((u) => u.username === username);
  assert.equal(found.email, "ada@example.com");
  assert.equal(typeof found.created, "number");
  assert.equal(found.lastLogin, -1);
  assert.equal("groups" in found, false);
});

test("checkUsernames tells free names from taken ones", async () => {
  const { username } = await createUser(admin);
  const free = unique("free");
  const { usernames } = await call(admin, "/community/checkUsernames", { usernames: [username, free] });
  assert.deepEqual(usernames.map((u) => u.requested), [username, free]);
  assert.notEqual(usernames[0].suggested, username);
  assert.equal(usernames[1].suggested, free);
});

test("a custom role carries its privileges to a member", async () => {
  const name = unique("Surveyor ");
  const { success, id } = await call(admin, "/portals/self/createRole", { name, description: "Adds, never shares." });
  assert.equal(success, true);
  const privileges = ["portal:user:createItem", "portal:user:viewOrgItems"];
  await call(admin, `/portals/self/roles/${id}/setPrivileges`, { privileges: { privileges } });
  const read = await call(admin, `/portals/self/roles/${id}/privileges`);
  assert.deepEqual(sorted(read.privileges), privileges);

  const { roles } = await call(admin, "/portals/self/roles", { num: 100 });
  const listed = roles.find((r) => r.id === id);
  assert.equal(listed.name, name);
  assert.equal(listed.description, "Adds, never shares.");
  assert.equal(roles.some((r) => r.id.startsWith("org_")), false);

  const user = await createUser(admin, { role: "org_user" });
  assert.deepEqual(await call(admin, "/portals/self/updateUserRole", { user: user.username, role: id }), { success: true });
  const session = await signIn(user.username, user.password);
  const self = await session.getUser();
  assert.equal(self.roleId, id);
  assert.equal(self.role, "org_user");
  assert.deepEqual(sorted(self.privileges), privileges);

  await call(admin, `/portals/self/roles/${id}/update`, { name: `${name} II`, description: "Changed." });
  assert.equal((await call(admin, `/portals/self/roles/${id}`)).name, `${name} II`);
  await call(admin, "/portals/self/updateUserRole", { user: user.username, role: "org_user" });
  assert.deepEqual(await call(admin, `/portals/self/roles/${id}/delete`), { success: true });
  const after = await call(admin, "/portals/self/roles", { num: 100 });
  assert.equal(after.roles.some((r) => r.id === id), false);
});

test("what only administrators may do is refused to others", async () => {
  const user = await createUser(admin);
  const session = await signIn(user.username, user.password);
  await refused(call(session, "/portals/self/createRole", { name: unique("r"), description: "" }), "GWM_0003", text.noPermission);
  await refused(call(session, "/portals/self/updateUserRole", { user: user.username, role: "org_admin" }), "GWM_0003", text.noPermission);
  assert.equal((await call(admin, `/community/users/${user.username}`)).role, "org_publisher");
});
