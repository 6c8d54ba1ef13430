import assert from "node:assert/strict";
import { test } from "node:test";
import { ArcGISIdentityManager, request } from "@esri/arcgis-rest-request";
import { adminName, call, createUser, newPassword, portalURL, refused, rest, signIn, signInAdmin } from "./lib/portal.mjs";

const admin = await signInAdmin();

test("the root and info documents name this portal", async () => {
  const root = await request(rest);
  assert.match(root.currentVersion, /^\d+(\.\d+)*$/);
  assert.equal(root.currentVersion, "10.3");

  const info = await request(`${rest}/info`);
  assert.equal(info.owningSystemUrl, portalURL);
  assert.deepEqual(info.authInfo, {
    tokenServicesUrl: `${rest}/generateToken`,
    isTokenBasedSecurity: true,
  });
});

test("signIn gives a token and the account behind it", async () => {
  assert.equal(admin.username, adminName);
  assert.ok(admin.token.length >= 32, "a token too short to be random");
  const minutes = (admin.tokenExpires.getTime() - Date.now()) / 60000;
  assert.ok(minutes > 10 && minutes <= 20160.5, `the token lives ${minutes} minutes`);

  const user = await admin.getUser();
  assert.equal(user.username, adminName);
  assert.equal(user.role, "org_admin");
  assert.equal(user.roleId, undefined);
  assert.equal(user.orgId, (await admin.getPortal()).id);
  assert.ok("email" in user);
  assert.ok(Array.isArray(user.groups));
  assert.ok(user.privileges.includes("portal:admin:viewUsers"));
});

test("a wrong password is refused with the portal's own words", async () => {
  const { username } = await createUser(admin);
  const wrong = { username, password: newPassword(), client: "referer", referer: "@esri/arcgis-rest-js" };
  await assert.rejects(request(`${rest}/generateToken`, { params: wrong }), (error) => {
    assert.equal(error.code, 400);
    assert.equal(error.originalMessage, "Unable to generate token.");
    assert.deepEqual(error.response.error.details, ["Invalid username or password."]);
    return true;
  });

  // The client swallows the failure and asks for community/self without a token.
  await refused(signIn(username, wrong.password), "COM_0019", "Not logged in.");
  await refused(signIn("nobody_of_that_name", wrong.password), "COM_0019", "Not logged in.");
});

test("passwords are taken from the body only", async () => {
  const user = await createUser(admin);
  const query = new URLSearchParams({
    username: user.username, password: user.password, client: "referer", referer: "x", f: "json",
  });
  const answer = await (await fetch(`${rest}/generateToken?${query}`)).json();
  assert.equal(answer.token, undefined);
  assert.ok(answer.error.code >= 400);
});

test("an unknown token is refused, and a session with a password recovers", async () => {
  const user = await createUser(admin);
  const forgotten = "x".repeat(40);
  await refused(
    request(`${rest}/community/self`, { params: { token: forgotten } }), 498, /^Invalid token\.?$/,
  );

  const session = new ArcGISIdentityManager({
    username: user.username, password: user.password, portal: rest,
    token: forgotten, tokenExpires: new Date(Date.now() + 3600_000),
  });
  const self = await session.getUser();
  assert.equal(self.username, user.username);
  assert.notEqual(session.token, forgotten);
});

test("an expired session renews before it asks", async () => {
  const user = await createUser(admin);
  const session = new ArcGISIdentityManager({
    username: user.username, password: user.password, portal: rest,
    token: "stale", tokenExpires: new Date(Date.now() - 1000),
  });
  assert.equal((await session.getUser()).username, user.username);
  assert.ok(session.tokenExpires.getTime() > Date.now());
});

test("a token bound to a referer is refused elsewhere", async () => {
  const user = await createUser(admin);
  const { token } = await request(`${rest}/generateToken`, {
    params: { username: user.username, password: user.password, client: "referer", referer: "https://maps.example.com" },
  });
  const ask = (referer) => request(`${rest}/community/self`, { params: { token }, headers: { referer } });
  assert.equal((await ask("https://maps.example.com/viewer")).username, user.username);
  await refused(ask("https://elsewhere.example.com/"), 498, /^Invalid token\.?$/);

  // Scripts of old send no Referer at all.
  const bare = await fetch(`${rest}/community/self?f=json&token=${token}`);
  assert.equal((await bare.json()).username, user.username);
});

test("expiration is clamped, not refused", async () => {
  const user = await createUser(admin);
  const before = Date.now();
  const { expires } = await request(`${rest}/generateToken`, {
    params: { username: user.username, password: user.password, client: "requestip", expiration: 525600 },
  });
  assert.ok(expires > before && expires <= before + 525600 * 60000 + 60000, `expires ${expires}`);

  const short = await request(`${rest}/generateToken`, {
    params: { username: user.username, password: user.password, client: "requestip", expiration: 10 },
  });
  assert.ok(short.expires > before && short.expires <= Date.now() + 10 * 60000 + 1000);
});

test("the token travels in parameter and headers", async () => {
  const ask = async (headers) =>
    (await fetch(`${rest}/community/self?f=json`, { headers })).json();
  const token = await admin.getToken(rest);
  const referer = "@esri/arcgis-rest-js";
  assert.equal((await ask({ referer, "X-Esri-Authorization": `Bearer ${token}` })).username, adminName);
  assert.equal((await ask({ referer, Authorization: `Bearer ${token}` })).username, adminName);
  assert.equal((await request(`${rest}/community/self`, {
    authentication: admin, httpMethod: "GET", hideToken: true,
  })).username, adminName);
});

test("a session survives serialization", async () => {
  const copy = ArcGISIdentityManager.deserialize(admin.serialize());
  assert.equal(copy.token, admin.token);
  assert.equal((await copy.getUser()).username, adminName);

  const fromToken = await ArcGISIdentityManager.fromToken({ token: admin.token, portal: rest });
  assert.equal(fromToken.username, adminName);
});

test("a portal token is exchanged for a server token", async () => {
  const server = await admin.generateTokenForServer(`${rest}/generateToken`, `${portalURL.replace(/\/portal$/, "/server")}`);
  assert.ok(server.token.length >= 32);
  assert.ok(server.expires.getTime() > Date.now());
});

test("signing out revokes the token", async () => {
  const user = await createUser(admin);
  const session = await signIn(user.username, user.password);
  const { token } = session;
  assert.deepEqual(await ArcGISIdentityManager.destroy(session), { success: true });
  await refused(request(`${rest}/community/self`, { params: { token } }), 498, /^Invalid token\.?$/);
});

test("a changed password revokes the tokens made with the old one", async () => {
  const user = await createUser(admin);
  const session = await signIn(user.username, user.password);
  const newer = newPassword();
  const answer = await call(session, `/community/users/${user.username}/reset`, {
    password: user.password, newPassword: newer,
  });
  assert.equal(answer.success, true);

  await refused(
    request(`${rest}/community/self`, { params: { token: session.token } }), 498, /^Invalid token\.?$/,
  );
  assert.equal((await signIn(user.username, newer)).username, user.username);
  await refused(signIn(user.username, user.password), "COM_0019", "Not logged in.");
});
