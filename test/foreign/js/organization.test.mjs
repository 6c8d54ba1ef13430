import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { ApplicationCredentialsManager, ArcGISIdentityManager, request } from "@esri/arcgis-rest-request";
import {
  addItemResource, createItem, getItem, getItemInfo, getPortalSettings, getSelf, searchGroupContent, searchItems, updateItem, createGroup, shareItemWithGroup,
} from "@esri/arcgis-rest-portal";
import { call, createUser, id32, member, refused, rest, signInAdmin, text, unique } from "./lib/portal.mjs";

const admin = await signInAdmin();
const author = await member(admin);

async function addApp(session) {
  const { id } = await createItem({
    item: { title: unique("App "), type: "Application", url: "https://app.example.com", tags: ["app"] }, authentication: session,
  });
  return id;
}

test("an app is registered, signs itself in and ends with its registration", async () => {
  const itemId = await addApp(author);
  const app = await call(author, "/oauth2/registerApp", { itemId, appType: "server", redirect_uris: ["urn:ietf:wg:oauth:2.0:oob"] });
  assert.equal(app.itemId, itemId);
  assert.equal(app.appType, "server");
  assert.deepEqual(app.redirect_uris, ["urn:ietf:wg:oauth:2.0:oob"]);
  assert.ok(app.client_id && app.client_secret && app.registered > 0);
  assert.ok((await getItem(itemId, { authentication: author })).typeKeywords.includes("Registered App"));
  assert.deepEqual(await call(author, `/content/users/${author.username}/items/${itemId}/registeredAppInfo`), app);

  const robot = ApplicationCredentialsManager.fromCredentials({ clientId: app.client_id, clientSecret: app.client_secret, portal: rest });
  const token = await robot.getToken(rest);
  assert.ok(token && robot.expires.getTime() > Date.now());
  const self = await getSelf({ authentication: robot });
  assert.equal(self.user, undefined);
  assert.equal(self.appInfo.appId, app.client_id);
  assert.equal(self.appInfo.itemId, itemId);
  assert.equal(self.appInfo.appOwner, author.username);
  await refused(getItem(itemId, { authentication: robot }), "CONT_0001", text.noItem);
  await assert.rejects(
    ApplicationCredentialsManager.fromCredentials({ clientId: app.client_id, clientSecret: "wrong", portal: rest }).getToken(rest),
    /client_secret/,
  );

  assert.deepEqual(await call(author, `/oauth2/apps/${app.client_id}/unregister`), { success: true, itemId });
  await assert.rejects(request(`${rest}/portals/self`, { params: { token } }), { name: "ArcGISAuthError", code: 498 });
  assert.ok(!(await getItem(itemId, { authentication: author })).typeKeywords.includes("Registered App"));
});

test("a browser signs in to a registered app of another host", async () => {
  const user = await createUser(admin);
  const { client_id: clientId } = await call(author, "/oauth2/registerApp", {
    itemId: await addApp(author), appType: "browser", redirect_uris: ["https://app.example.com"],
  });
  const redirectUri = "https://app.example.com/done.html";
  const storage = new Map();
  const win = {
    location: { href: "https://app.example.com/", search: "", hash: "" },
    history: { state: null, replaceState() {} },
    localStorage: { getItem: (k) => storage.get(k) ?? null, setItem: (k, v) => storage.set(k, v), removeItem: (k) => storage.delete(k) },
    crypto: webcrypto, isSecureContext: true, TextEncoder, btoa,
  };
  globalThis.window = win;
  const begun = ArcGISIdentityManager.beginOAuth2({ clientId, redirectUri, portal: rest, popup: false }, win);
  delete globalThis.window;
  await begun;
  const page = await (await fetch(win.location.href)).text();
  const answer = await fetch(`${rest}/oauth2/signin`, {
    method: "POST", redirect: "manual",
    body: new URLSearchParams({ oauth_state: page.match(/"oauth_state":"([^"]+)"/)[1], username: user.username, password: user.password }),
  });
  const landing = new URL(answer.headers.get("location"));
  assert.equal(`${landing.origin}${landing.pathname}`, redirectUri);
  win.location.href = landing.href;
  win.location.search = landing.search;
  const session = await ArcGISIdentityManager.completeOAuth2({ clientId, redirectUri, portal: rest, popup: false }, win);
  assert.equal((await session.getUser()).username, user.username);

  const elsewhere = await fetch(`${rest}/oauth2/authorize?client_id=${clientId}&response_type=code&redirect_uri=https://evil.example.com`);
  assert.equal(elsewhere.status, 400);
  assert.match(await elsewhere.text(), /Invalid redirect_uri/);
});

test("items are found by category, in the organization and within a group", async () => {
  const word = unique("category");
  const tree = (title) => ({ categorySchema: [{ title: "Categories", categories: [{ title, categories: [] }] }] });
  await refused(call(author, "/portals/self/assignCategorySchema", { categorySchema: tree(word) }), "GWM_0003", text.noPermission);
  assert.deepEqual(await call(admin, "/portals/self/assignCategorySchema", { categorySchema: tree(word) }), { success: true });
  assert.equal((await call(author, "/portals/self/categorySchema")).categorySchema[0].categories[0].title, word);
  assert.equal((await getSelf({ authentication: author })).hasCategorySchema, true);

  const { id } = await createItem({ item: { title: word, type: "Web Map", tags: ["x"] }, authentication: author });
  const { group } = await createGroup({ group: { title: unique("Group "), access: "private", tags: ["x"] }, authentication: author });
  await shareItemWithGroup({ id, groupId: group.id, authentication: author });
  await call(author, `/community/groups/${group.id}/assignCategorySchema`, { categorySchema: tree("Inner") });
  assert.deepEqual(await call(author, "/content/updateItems", { items: [{ [id]: { categories: [`/Categories/${word}`] } }] }),
    { results: [{ itemId: id, success: true }] });
  assert.deepEqual(await call(author, `/content/groups/${group.id}/updateCategories`, { items: [{ [id]: { categories: ["/Categories/Inner"] } }] }),
    { results: [{ itemId: id, success: true }] });

  const found = await searchItems({ q: "", categories: [`/Categories/${word}`], authentication: author });
  assert.deepEqual(found.results.map((it) => [it.id, it.categories]), [[id, [`/Categories/${word}`]]]);
  const inside = await searchGroupContent({ groupId: group.id, q: "*", params: { categories: "/Categories/Inner" }, authentication: author });
  assert.deepEqual(inside.results.map((it) => [it.id, it.groupCategories]), [[id, ["/Categories/Inner"]]]);
  assert.equal((await searchItems({ q: word, categories: ["/Categories/Inner"], authentication: author })).total, 0);
  await call(admin, "/portals/self/deleteCategorySchema");
});

test("administrators mark what can be relied on", async () => {
  const { id } = await createItem({ item: { title: unique("Status "), type: "Web Map" }, authentication: author });
  const path = `/content/items/${id}/setContentStatus`;
  await refused(call(author, path, { status: "org_authoritative" }), "GWM_0003", text.noPermission);
  assert.deepEqual(await call(admin, path, { status: "org_authoritative" }), { success: true, itemId: id });
  const marked = await getItem(id, { authentication: author });
  assert.equal(marked.contentStatus, "org_authoritative");
  assert.equal(marked.protected, true);
  await call(admin, path, { status: "", clearEmptyFields: true });
  assert.equal((await getItem(id, { authentication: author })).contentStatus, "");
});

test("the organization is updated and its settings are read", async () => {
  const summary = unique("Summary ");
  const update = (params) => call(admin, "/portals/self/update", params);
  assert.deepEqual(await update({ summary, featuredGroups: [{ id: "0".repeat(32), title: "G", owner: "o" }], geometryService: { url: "https://gis.example.com/geometry" } }), { success: true });
  const self = await getSelf({ authentication: author });
  assert.equal(self.summary, summary);
  assert.equal(self.helperServices.geometry.url, "https://gis.example.com/geometry");
  await call(admin, "/portals/self/settings/update", { informationalBanner: { text: "Down on Friday", bgColor: "#fff", fontColor: "#000", enabled: true } });
  const settings = await getPortalSettings("self", { authentication: author });
  assert.equal(settings.informationalBanner.text, "Down on Friday");
  assert.equal(settings.featuredGroups[0].title, "G");
  assert.equal(settings.helperServices.geometry.url, "https://gis.example.com/geometry");
  await refused(call(author, "/portals/self/update", { summary }), "GWM_0003", text.noPermission);
  await update({ summary: "", featuredGroups: [], geometryService: "", clearEmptyFields: true });

  assert.deepEqual(await call(admin, "/portals/self/addResource", { key: "theme.json", text: "{\"a\":1}" }), { success: true });
  const list = await call(author, "/portals/self/resources");
  assert.ok(list.resources.some((r) => r.key === "theme.json"));
  assert.equal(await (await fetch(`${rest}/portals/self/resources/theme.json`)).text(), "{\"a\":1}");
  assert.deepEqual(await call(admin, "/portals/self/removeResource", { key: "theme.json" }), { success: true });
});

test("code attachments are related as they are made", async () => {
  const app = await createItem({ item: { title: unique("App "), type: "Web Mapping Application", text: "{}" }, authentication: author });
  const code = await createItem({
    item: { title: unique("Code "), type: "Code Attachment" }, authentication: author,
    params: { relationshipType: "WMA2Code", originItemId: app.id },
  });
  assert.match(code.id, id32);
  const related = await call(author, `/content/items/${app.id}/relatedItems`, { relationshipType: "WMA2Code", direction: "forward" });
  assert.deepEqual(related.relatedItems.map((it) => it.id), [code.id]);
  await addItemResource({ id: code.id, name: "main.json", content: "{}", authentication: author });
  await updateItem({ item: { id: app.id, snippet: "with code" }, authentication: author });
  const card = await getItemInfo(app.id, { fileName: "iteminfo.xml", readAs: "text", authentication: author });
  assert.match(card, /with code/);
});
