import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { ArcGISIdentityManager, request } from "@esri/arcgis-rest-request";
import { createUser, newPassword, portalURL, refused, rest, signInAdmin } from "./lib/portal.mjs";

const admin = await signInAdmin();
const clientId = "arcgisonline";
const redirectUri = `${new URL(portalURL).origin}/app/done.html`;

/** The part of a browser that the client touches while it signs in. */
function browser() {
  const storage = new Map();
  return {
    location: { href: `${new URL(portalURL).origin}/app/`, search: "", hash: "" },
    history: { state: null, replaceState() {} },
    localStorage: {
      getItem: (key) => storage.get(key) ?? null,
      setItem: (key, value) => storage.set(key, value),
      removeItem: (key) => storage.delete(key),
    },
    crypto: webcrypto,
    isSecureContext: true,
    TextEncoder,
    btoa,
  };
}

/** Reads the sign-in page and posts its form, as a person would. */
async function fillIn(authorizeURL, user) {
  const page = await fetch(authorizeURL);
  assert.equal(page.status, 200);
  assert.match(page.headers.get("content-type"), /^text\/html/);
  const html = await page.text();
  assert.match(html.slice(0, html.indexOf("}") + 1), /var oAuthInfo = \{[^{}]*\}$/, "the first braces are not oAuthInfo");
  const state = html.match(/"oauth_state":"([^"]+)"/);
  assert.ok(state, "the sign-in page holds no oauth_state");
  return fetch(`${rest}/oauth2/signin`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ oauth_state: state[1], username: user.username, password: user.password }),
  });
}

async function authorize(win, user) {
  // The client takes btoa from the global window, which would make it a browser if it stayed.
  globalThis.window = win;
  const begun = ArcGISIdentityManager.beginOAuth2(
    { clientId, redirectUri, portal: rest, popup: false, expiration: 120 }, win,
  );
  delete globalThis.window;
  await begun;
  return fillIn(win.location.href, user);
}

test("a browser signs in by code and PKCE", async () => {
  const user = await createUser(admin);
  const win = browser();
  const answer = await authorize(win, user);
  assert.equal(answer.status, 302);
  const landing = new URL(answer.headers.get("location"));
  assert.equal(`${landing.origin}${landing.pathname}`, redirectUri);

  win.location.href = landing.href;
  win.location.search = landing.search;
  const session = await ArcGISIdentityManager.completeOAuth2(
    { clientId, redirectUri, portal: rest, popup: false }, win,
  );
  assert.equal(session.username, user.username);
  assert.ok(session.refreshToken);
  assert.ok(session.refreshTokenExpires.getTime() > Date.now());
  assert.equal((await session.getUser()).username, user.username);

  const { token, refreshToken } = session;
  await session.refreshCredentials();
  assert.notEqual(session.token, token);
  await session.exchangeRefreshToken();
  assert.notEqual(session.refreshToken, refreshToken);
  session.clearCachedUserInfo();
  assert.equal((await session.getUser()).username, user.username);
  await refused(
    request(`${rest}/oauth2/token`, { params: { grant_type: "refresh_token", client_id: clientId, refresh_token: refreshToken } }),
    /* the exchanged token is dead */ 498, /refresh_token/i,
  );
});

test("a code is good once, and only with its verifier", async () => {
  const user = await createUser(admin);
  const landing = new URL((await authorize(browser(), user)).headers.get("location"));
  const code = landing.searchParams.get("code");
  assert.ok(code);
  const redeem = (params) => request(`${rest}/oauth2/token`, {
    params: { grant_type: "authorization_code", client_id: clientId, redirect_uri: redirectUri, code, ...params },
  });
  await assert.rejects(redeem({ code_verifier: "not-the-verifier-that-made-the-challenge" }), { code: 400 });
  await assert.rejects(redeem({}), { code: 400 });
});

test("a code without challenge is exchanged by a server", async () => {
  const user = await createUser(admin);
  const url = new URL(`${rest}/oauth2/authorize`);
  url.search = new URLSearchParams({ client_id: clientId, response_type: "code", redirect_uri: redirectUri, expiration: "60" });
  const landing = new URL((await fillIn(url, user)).headers.get("location"));
  const session = await ArcGISIdentityManager.exchangeAuthorizationCode(
    { clientId, redirectUri, portal: rest }, landing.searchParams.get("code"),
  );
  assert.equal(session.username, user.username);
  assert.equal((await session.getUser()).username, user.username);
  assert.deepEqual(await ArcGISIdentityManager.destroy(session), { success: true });
});

test("a client without an address takes the code from the page", async () => {
  const user = await createUser(admin);
  const outOfBand = "urn:ietf:wg:oauth:2.0:oob";
  const url = new URL(`${rest}/oauth2/authorize`);
  url.search = new URLSearchParams({ client_id: "pythonapi", response_type: "code", redirect_uri: outOfBand });
  const answer = await fillIn(url, user);
  assert.equal(answer.status, 302);
  const html = await (await fetch(answer.headers.get("location"))).text();
  const code = html.match(/<title>SUCCESS code=([^<]+)<\/title>/);
  assert.ok(code, "the title holds no code");
  assert.match(html.slice(0, html.indexOf("}") + 1), /var oAuthInfo = \{[^{}]*\}$/, "the first braces are not oAuthInfo");
  const session = await ArcGISIdentityManager.exchangeAuthorizationCode(
    { clientId: "pythonapi", redirectUri: outOfBand, portal: rest }, code[1],
  );
  assert.equal((await session.getUser()).username, user.username);
});

test("a wrong password shows the page again", async () => {
  const user = await createUser(admin);
  const answer = await authorize(browser(), { ...user, password: newPassword() });
  assert.equal(answer.status, 200);
  const html = await answer.text();
  assert.match(html, /"oauth_state":"[^"]+"/);
  assert.match(html, /Invalid username or password\./);
});

test("a foreign redirect address is refused", async () => {
  const url = new URL(`${rest}/oauth2/authorize`);
  url.search = new URLSearchParams({
    client_id: clientId, response_type: "token", redirect_uri: "https://evil.example.com/steal",
  });
  const answer = await fetch(url, { redirect: "manual" });
  const html = await answer.text();
  assert.ok(answer.status < 300 || answer.status >= 400, "the portal redirected to a foreign host");
  assert.doesNotMatch(html, /"oauth_state":"/);
});

test("an unknown client is named in the page", async () => {
  const url = new URL(`${rest}/oauth2/authorize`);
  url.search = new URLSearchParams({ client_id: "nobody", response_type: "code", redirect_uri: redirectUri });
  assert.match(await (await fetch(url)).text(), /Invalid client_id/);
});
