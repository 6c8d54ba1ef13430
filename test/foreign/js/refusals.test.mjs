import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createItem, getItem, getItemData, getItemGroups, getItemResources, moveItem, protectItem, removeItem, setItemAccess, updateItem,
} from "@esri/arcgis-rest-portal";
import { request } from "@esri/arcgis-rest-request";
import { call, member, refused, rest, signInAdmin, text } from "./lib/portal.mjs";

const admin = await signInAdmin();
const author = await member(admin);
const stranger = await member(admin);

const missing = "0123456789abcdef0123456789abcdef";
const { id: hidden } = await createItem({ item: { title: "Hidden", type: "Web Map", text: { a: 1 } }, authentication: author });
const { id: open } = await createItem({ item: { title: "Open", type: "Web Map", text: { a: 1 } }, authentication: author });
await setItemAccess({ id: open, access: "org", authentication: author });

const reads = {
  getItem: (id) => getItem(id, { authentication: stranger }),
  getItemData: (id) => getItemData(id, { authentication: stranger }),
  getItemGroups: (id) => getItemGroups(id, { authentication: stranger }),
  getItemResources: (id) => getItemResources(id, { authentication: stranger }),
};
const writes = {
  updateItem: (id) => updateItem({ item: { id, owner: author.username, title: "Stolen" }, authentication: stranger }),
  removeItem: (id) => removeItem({ id, owner: author.username, authentication: stranger }),
  protectItem: (id) => protectItem({ id, owner: author.username, authentication: stranger }),
  moveItem: (id) => moveItem({ itemId: id, owner: author.username, authentication: stranger }),
};

for (const [name, ask] of Object.entries({ ...reads, ...writes })) {
  test(`${name}: a missing item and a hidden one look alike`, async () => {
    await refused(ask(missing), "CONT_0001", text.noItem);
    await refused(ask(hidden), "CONT_0001", text.noItem);
  });
}

for (const [name, ask] of Object.entries(writes)) {
  test(`${name}: reading is not writing`, async () => {
    await refused(ask(open), "GWM_0003", text.noPermission);
    const item = await getItem(open, { authentication: author });
    assert.equal(item.title, "Open");
    assert.equal(item.protected, false);
  });
}

test("an item is not reached under another owner's path", async () => {
  await assert.rejects(
    updateItem({ item: { id: hidden, owner: stranger.username, title: "Stolen" }, authentication: stranger }),
    { code: "CONT_0001" },
  );
  assert.equal((await getItem(hidden, { authentication: author })).title, "Hidden");
});

test("anonymous callers write nothing", async () => {
  await assert.rejects(request(`${rest}/content/users/${author.username}/addItem`, {
    params: { title: "Nobody's", type: "Web Map", text: "{}" },
  }), { name: "ArcGISAuthError", code: "GWM_0003", originalMessage: "Token Required" });
  await assert.rejects(request(`${rest}/community/createGroup`, { params: { title: "Nobody's", tags: "x" } }), { name: "ArcGISAuthError" });
  await refused(request(`${rest}/community/self`), "COM_0019", "Not logged in.");
});

test("an item needs a title and a known shape", async () => {
  await assert.rejects(createItem({ item: { type: "Web Map", text: {} }, authentication: author }), (error) => {
    assert.equal(error.code, 400);
    assert.match(error.originalMessage, /title/i);
    return true;
  });
  await assert.rejects(createItem({ item: { title: "No type", text: "x" }, authentication: author }), (error) => {
    assert.equal(error.code, 400);
    assert.match(error.originalMessage, /type/i);
    return true;
  });
  await assert.rejects(createItem({ item: { title: "Bad extent", type: "Web Map", text: {}, extent: "1,2,three,4" }, authentication: author }), (error) => {
    assert.equal(error.code, 400);
    assert.match(error.originalMessage, /extent/i);
    return true;
  });
  await assert.rejects(createItem({
    item: { title: "Long", type: "Web Map", text: {}, snippet: "x".repeat(2049) }, authentication: author,
  }), (error) => {
    assert.equal(error.code, 400);
    assert.match(error.originalMessage, /snippet/i);
    return true;
  });
});

test("a token in the wrong shape is refused before anything is written", async () => {
  await assert.rejects(request(`${rest}/content/users/${author.username}/addItem`, {
    params: { title: "X", type: "Web Map", text: "{}", token: "garbage" },
  }), { name: "ArcGISAuthError", code: 498 });
});

test("unknown addresses are not found", async () => {
  const answer = await fetch(`${rest}/no/such/resource?f=json`);
  assert.equal(answer.status === 404 || (await answer.clone().json()).error.code >= 400, true);
});

test("what is not built says so", async () => {
  await assert.rejects(call(author, `/content/users/${author.username}/createService`, {
    createParameters: { name: "S" }, targetType: "featureService",
  }), (error) => {
    assert.match(error.originalMessage, /not supported/i);
    return true;
  });
  await assert.rejects(call(author, `/content/items/${open}/addComment`, { comment: "hi" }), (error) => {
    assert.match(error.originalMessage, /not supported/i);
    return true;
  });
});
