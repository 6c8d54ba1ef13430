// What the tests share: the portal under test, sessions, members, and unique names.
//
// The driver (../run.sh) starts a fresh portal and names it in the environment.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { ArcGISIdentityManager, request } from "@esri/arcgis-rest-request";

function environment(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run test/foreign/run.sh js`);
  return value;
}

/** The portal's address, such as http://127.0.0.1:7080/portal, without a trailing slash. */
export const portalURL = environment("RHUMB_URL").replace(/\/+$/, "");

/** The sharing API, which the clients call "portal". */
export const rest = `${portalURL}/sharing/rest`;

export const adminName = environment("RHUMB_USER");

export const id32 = /^[0-9a-f]{32}$/;

/** A name that no other test uses: the tests of one run share a portal. */
export function unique(prefix) {
  return `${prefix}${randomBytes(5).toString("hex")}`;
}

/** A password that every policy accepts. */
export function newPassword() {
  return `Aa1-${randomBytes(12).toString("hex")}`;
}

export function signIn(username, password) {
  return ArcGISIdentityManager.signIn({ username, password, portal: rest });
}

export function signInAdmin() {
  return signIn(adminName, environment("RHUMB_PASSWORD"));
}

/** Makes an account the way Enterprise does: portaladmin wants the token in the body. */
export async function createUser(admin, fields = {}) {
  const user = {
    username: unique("user"),
    password: newPassword(),
    firstname: "Ada",
    lastname: "Lovelace",
    email: "ada@example.com",
    role: "org_publisher",
    userLicenseTypeId: "creatorUT",
    provider: "arcgis",
    ...fields,
  };
  const answer = await request(`${portalURL}/portaladmin/security/users/createUser`, {
    params: { ...user, token: await admin.getToken(rest) },
  });
  assert.deepEqual(answer, { status: "success" });
  return user;
}

/** A new member, signed in. */
export async function member(admin, fields) {
  const user = await createUser(admin, fields);
  return signIn(user.username, user.password);
}

/** Calls an operation that the portal package has no function for. */
export async function call(session, path, params = {}) {
  return request(`${rest}${path}`, { authentication: session, params });
}

/** Reads a file as the session's user, or anonymously when session is null. */
export async function bytes(session, path) {
  const headers = {};
  if (session) headers["X-Esri-Authorization"] = `Bearer ${await session.getToken(rest)}`;
  const response = await fetch(`${rest}${path}`, { headers });
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    headers: response.headers,
    body: Buffer.from(await response.arrayBuffer()),
  };
}

/** Asserts that the portal refuses with this code (messageCode where there is one) and text. */
export function refused(promise, code, text) {
  return assert.rejects(promise, (error) => {
    assert.equal(error.code, code, `${error.name}: ${error.message}`);
    if (text instanceof RegExp) assert.match(error.originalMessage, text);
    else assert.equal(error.originalMessage, text);
    return true;
  });
}

export const text = {
  noItem: "Item does not exist or is inaccessible.",
  noGroup: "Group does not exist or is inaccessible.",
  noUser: "User does not exist or is inaccessible.",
  noResource: "Resource does not exist or is inaccessible.",
  noPermission: "You do not have permissions to access this resource or perform this operation.",
};

/** Reads every page of a search through the client's own nextPage(). */
export async function pages(first) {
  const all = [first];
  for (let page = first; page.nextPage; ) {
    page = await page.nextPage();
    all.push(page);
  }
  return all;
}
