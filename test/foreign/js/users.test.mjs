import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createItem, getSelf, getUser, getUserProperties, getUserTags, removeItem, setUserProperties, updateUser,
} from "@esri/arcgis-rest-portal";
import { request } from "@esri/arcgis-rest-request";
import { blue, png, red } from "./lib/fixtures.mjs";
import {
  bytes, call, createUser, id32, member, newPassword, portalURL, refused, rest, signIn, signInAdmin, text, unique,
} from "./lib/portal.mjs";

const admin = await signInAdmin();

test("a created member is what was asked for", async () => {
  const before = Date.now();
  const user = await createUser(admin, { firstname: "Grace", lastname: "Hopper", email: "grace@example.com", description: "Rear admiral" });
  const read = await getUser({ username: user.username, authentication: admin });
  assert.equal(read.username, user.username);
  assert.match(read.id, id32);
  assert.equal(read.fullName, "Grace Hopper");
  assert.equal(read.firstName, "Grace");
  assert.equal(read.lastName, "Hopper");
  assert.equal(read.email, "grace@example.com");
  assert.equal(read.description, "Rear admiral");
  assert.equal(read.role, "org_publisher");
  assert.equal(read.userLicenseTypeId, "creatorUT");
  assert.equal(read.provider, "arcgis");
  assert.equal(read.disabled, false);
  assert.equal(read.lastLogin, -1);
  assert.ok(read.created >= before - 1000 && read.created <= Date.now() + 1000);
  assert.deepEqual(read.tags, []);
  assert.deepEqual(read.groups, []);
  assert.equal(read.orgId, (await admin.getPortal()).id);
});

test("a member is read by id as well", async () => {
  const { username } = await createUser(admin);
  const { id } = await getUser({ username, authentication: admin });
  assert.equal((await getUser({ username: id, authentication: admin })).username, username);
});

test("names with @ and dots work in every path", async () => {
  const username = `${unique("jo")}.o@example`;
  const user = await createUser(admin, { username });
  const session = await signIn(username, user.password);
  assert.equal((await session.getUser()).username, username);
  const { id } = await createItem({ item: { title: "Mine", type: "Web Map", text: {} }, authentication: session });
  assert.equal((await removeItem({ id, authentication: session })).success, true);
  assert.equal((await getUser({ username: username.toUpperCase(), authentication: admin })).username, username);
});

test("a member edits the own profile, thumbnail included", async () => {
  const session = await member(admin);
  const { username } = session;
  const answer = await updateUser({
    user: { username, description: "Zürich & Genève", tags: ["maps", "hydro"], fullname: "Ada King", culture: "de-CH", units: "metric", access: "org" },
    authentication: session,
  });
  assert.deepEqual(answer, { success: true, username });
  const read = await getUser({ authentication: session });
  assert.equal(read.description, "Zürich & Genève");
  assert.deepEqual(read.tags, ["maps", "hydro"]);
  assert.equal(read.fullName, "Ada King");
  assert.equal(read.culture, "de-CH");
  assert.equal(read.units, "metric");
  assert.equal(read.access, "org");
  assert.equal(read.email, "ada@example.com");

  await updateUser({ user: { username }, params: { thumbnail: png(red, "me.png") }, authentication: session });
  const withThumbnail = await getUser({ authentication: session });
  assert.ok(withThumbnail.thumbnail.endsWith(".png"));
  const first = await bytes(session, `/community/users/${username}/info/${withThumbnail.thumbnail}`);
  assert.deepEqual(first.body, red);
  assert.equal(first.type, "image/png");

  await updateUser({ user: { username }, params: { thumbnail: png(blue, "me.png") }, authentication: session });
  const again = (await getUser({ authentication: session })).thumbnail;
  assert.deepEqual((await bytes(session, `/community/users/${username}/info/${again}`)).body, blue);

  await updateUser({ user: { username, description: "" }, params: { clearEmptyFields: true }, authentication: session });
  assert.ok(!(await getUser({ authentication: session })).description);
});

test("properties are kept as they are", async () => {
  const session = await member(admin);
  const properties = { landingPage: { url: "index.html" }, mapViewer: "classic", appLauncher: { order: [3, 1, 2] } };
  assert.deepEqual(await setUserProperties(session.username, properties, { authentication: session }), { success: true });
  assert.deepEqual(await getUserProperties(session.username, { authentication: session }), properties);
});

test("tags are counted over the member's items", async () => {
  const session = await member(admin);
  for (const tags of [["red", "blue"], ["red"]]) {
    await createItem({ item: { title: unique("t"), type: "Web Map", text: {}, tags }, authentication: session });
  }
  const { tags } = await getUserTags({ authentication: session });
  assert.deepEqual(tags.sort((a, b) => a.tag.localeCompare(b.tag)), [{ tag: "blue", count: 1 }, { tag: "red", count: 2 }]);
});

test("disabling locks a member out, enabling lets back in", async () => {
  const user = await createUser(admin);
  const session = await signIn(user.username, user.password);
  const { results } = await call(admin, "/portals/self/disableUsers", { users: [user.username] });
  assert.deepEqual(results.map((r) => [r.username, r.status]), [[user.username, true]]);
  assert.equal((await getUser({ username: user.username, authentication: admin })).disabled, true);
  await assert.rejects(request(`${rest}/community/self`, { params: { token: session.token } }), { name: "ArcGISAuthError" });
  await assert.rejects(signIn(user.username, user.password));

  await call(admin, "/portals/self/enableUsers", { users: [user.username] });
  assert.equal((await getUser({ username: user.username, authentication: admin })).disabled, false);
  assert.equal((await signIn(user.username, user.password)).username, user.username);
});

test("a member with content cannot be deleted", async () => {
  const session = await member(admin);
  const { username } = session;
  const { id } = await createItem({ item: { title: "Keep me", type: "Web Map", text: {} }, authentication: session });
  await assert.rejects(call(admin, `/community/users/${username}/delete`), { name: "ArcGISRequestError" });
  assert.equal((await getUser({ username, authentication: admin })).username, username);

  await removeItem({ id, authentication: session });
  const gone = await call(admin, `/community/users/${username}/delete`);
  assert.equal(gone.success, true);
  assert.equal(gone.username, username);
  await refused(getUser({ username, authentication: admin }), "COM_0018", text.noUser);
});

test("all that a member owns goes to another", async () => {
  const giver = await member(admin);
  const taker = await member(admin);
  const { id } = await createItem({ item: { title: "Heirloom", type: "Web Map", text: { a: 1 } }, authentication: giver });
  const answer = await call(admin, `/community/users/${giver.username}/reassign`, { targetUsername: taker.username });
  assert.equal(answer.success, true);
  const item = await call(admin, `/content/items/${id}`);
  assert.equal(item.owner, taker.username);
  assert.deepEqual(await call(taker, `/content/items/${id}/data`), { a: 1 });
});

test("invitations with a password make the account at once", async () => {
  const username = unique("inv");
  const password = newPassword();
  const answer = await call(admin, "/portals/self/invite", {
    invitationList: {
      invitations: [{
        username, password, firstname: "Alan", lastname: "Turing", fullname: "Alan Turing",
        email: "alan@example.com", role: "account_user", userLicenseType: "creatorUT", userType: "arcgisonly",
      }],
    },
  });
  assert.deepEqual(answer, { success: true, notInvited: [] });
  const session = await signIn(username, password);
  const self = await session.getUser();
  assert.equal(self.fullName, "Alan Turing");
  assert.equal(self.role, "org_user");

  const twice = await call(admin, "/portals/self/invite", {
    invitationList: { invitations: [{ username, password, firstname: "A", lastname: "T", fullname: "A T", email: "a@example.com", role: "org_user" }] },
  });
  assert.deepEqual(twice, { success: true, notInvited: [username] });
});

test("bad accounts are refused with a reason", async () => {
  const token = await admin.getToken(rest);
  const create = (fields) => request(`${portalURL}/portaladmin/security/users/createUser`, {
    params: {
      username: unique("bad"), password: newPassword(), firstname: "A", lastname: "B", email: "a@example.com",
      role: "org_user", userLicenseTypeId: "creatorUT", provider: "arcgis", token, ...fields,
    },
  });
  const { username } = await createUser(admin);
  const { total } = await call(admin, "/portals/self/users");
  const bad = [
    { username }, { username: username.toUpperCase() }, { username: "a b" }, { username: "" },
    { password: "short1" }, { password: "lettersonly" }, { role: "no_such_role" }, { userLicenseTypeId: "no_such_type" },
  ];
  for (const fields of bad) {
    // portaladmin may say so in its own envelope, which the client takes for an answer.
    const outcome = await create(fields).catch((e) => ({ status: "error", messages: [e.originalMessage] }));
    assert.equal(outcome.status, "error", JSON.stringify(fields));
    assert.ok(outcome.messages[0].length > 0);
  }
  assert.equal((await call(admin, "/portals/self/users")).total, total);
  const session = await member(admin);
  await assert.rejects(request(`${portalURL}/portaladmin/security/users/createUser`, {
    params: { username: unique("x"), password: newPassword(), firstname: "A", lastname: "B", email: "a@example.com", token: await session.getToken(rest) },
  }));
});

test("missing and foreign accounts", async () => {
  const session = await member(admin);
  const other = await member(admin);
  await refused(getUser({ username: "nobody_of_that_name", authentication: session }), "COM_0018", text.noUser);
  await refused(updateUser({ user: { username: other.username, description: "x" }, authentication: session }), "GWM_0003", text.noPermission);
  await refused(call(session, `/community/users/${other.username}/delete`), "GWM_0003", text.noPermission);
  assert.ok(!(await getUser({ username: other.username, authentication: admin })).description);
  assert.equal((await getSelf({ authentication: session })).user.username, session.username);
});
