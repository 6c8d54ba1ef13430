import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import {
  addItemData, createItem, getItem, getItemData, getItemInfo, getItemMetadata, getUserContent, protectItem,
  reassignItem, removeItem, removeItemThumbnail, unprotectItem, updateItem, updateItemInfo,
} from "@esri/arcgis-rest-portal";
import { blue, csv, file, pattern, png, red, webmap } from "./lib/fixtures.mjs";
import { bytes, call, id32, member, refused, rest, signInAdmin, text, unique } from "./lib/portal.mjs";

const admin = await signInAdmin();
const author = await member(admin);

test("a text item reads back as it was written", async () => {
  const title = unique("Lakes & rivers ");
  const before = Date.now();
  const made = await createItem({
    item: {
      title, type: "Web Map", text: webmap(), tags: ["lakes", "Zürich"], snippet: "All of them",
      description: "<b>Bold</b> and 100% ünïcode", typeKeywords: ["Explorer Web Map", "mine"],
      extent: [[5.9, 45.8], [10.5, 47.8]], accessInformation: "Someone", licenseInfo: "CC0", culture: "de-ch",
      properties: { a: { b: [1, 2] } },
    },
    authentication: author,
  });
  assert.equal(made.success, true);
  assert.match(made.id, id32);
  assert.equal(made.folder, null);

  const item = await getItem(made.id, { authentication: author });
  assert.equal(item.id, made.id);
  assert.equal(item.owner, author.username);
  assert.equal(item.title, title);
  assert.equal(item.type, "Web Map");
  assert.deepEqual(item.tags, ["lakes", "Zürich"]);
  assert.equal(item.snippet, "All of them");
  assert.equal(item.description, "<b>Bold</b> and 100% ünïcode");
  assert.ok(item.typeKeywords.includes("mine"));
  assert.deepEqual(item.extent, [[5.9, 45.8], [10.5, 47.8]]);
  assert.equal(item.accessInformation, "Someone");
  assert.equal(item.licenseInfo, "CC0");
  assert.deepEqual(item.properties, { a: { b: [1, 2] } });
  assert.equal(item.access, "private");
  assert.equal(item.protected, false);
  assert.equal(item.ownerFolder, null);
  assert.equal(item.itemControl, "admin");
  assert.equal(item.numComments, 0);
  assert.ok(item.created >= before - 1000 && item.created <= Date.now() + 1000);
  assert.ok(item.modified >= item.created);
  assert.deepEqual(await getItemData(made.id, { authentication: author }), webmap());
});

test("a file item keeps name, size and bytes", async () => {
  const name = `${unique("sites")}.csv`;
  const { id } = await createItem({
    item: { title: "Sites", type: "CSV" }, file: file(csv, name, "text/csv"), authentication: author,
  });
  const item = await getItem(id, { authentication: author });
  assert.equal(item.name, name);
  assert.equal(item.type, "CSV");
  assert.equal(item.size, Buffer.byteLength(csv));
  const blob = await getItemData(id, { file: true, authentication: author });
  assert.equal(Buffer.from(await blob.arrayBuffer()).toString(), csv);

  const part = await fetch(`${rest}/content/items/${id}/data?token=${author.token}`, { headers: { range: "bytes=5-7" } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get("content-range"), `bytes 5-7/${Buffer.byteLength(csv)}`);
  assert.equal(await part.text(), "lat");

  await assert.rejects(createItem({
    item: { title: "Sites again", type: "CSV" }, file: file(csv, name, "text/csv"), authentication: author,
  }), { code: 409, originalMessage: `Item '${name}' already exists.` });
});

test("the type follows from the file when it is not given", async () => {
  const { id } = await createItem({
    item: { title: "Untyped" }, file: file(csv, `${unique("u")}.csv`, "text/csv"), authentication: author,
  });
  assert.equal((await getItem(id, { authentication: author })).type, "CSV");
});

test("a URL item keeps its address and has no data", async () => {
  const url = "https://services.example.com/arcgis/rest/services/Parks/FeatureServer";
  const { id } = await createItem({ item: { title: "Parks", type: "Feature Service", url }, authentication: author });
  assert.equal((await getItem(id, { authentication: author })).url, url);
  assert.equal(await getItemData(id, { authentication: author }), undefined);
  const data = await bytes(author, `/content/items/${id}/data`);
  assert.equal(data.status, 200);
  assert.equal(data.body.length, 0);
});

test("an update changes what is sent and nothing else", async () => {
  const { id } = await createItem({
    item: { title: "Old", type: "Web Map", text: webmap(), tags: ["a", "b"], snippet: "stays", description: "goes" },
    authentication: author,
  });
  const answer = await updateItem({
    item: { id, title: "New", tags: ["c"], extent: [[-10, -20], [30, 40]] }, authentication: author,
  });
  assert.deepEqual(answer, { success: true, id });
  let item = await getItem(id, { authentication: author });
  assert.equal(item.title, "New");
  assert.deepEqual(item.tags, ["c"]);
  assert.deepEqual(item.extent, [[-10, -20], [30, 40]]);
  assert.equal(item.snippet, "stays");
  assert.equal(item.description, "goes");
  assert.ok(item.modified >= item.created);

  await updateItem({ item: { id, description: "" }, authentication: author });
  assert.equal((await getItem(id, { authentication: author })).description, "goes");
  await updateItem({ item: { id, description: "" }, params: { clearEmptyFields: true }, authentication: author });
  item = await getItem(id, { authentication: author });
  assert.ok(!item.description);
  assert.equal(item.title, "New");

  const changed = webmap("0123456789abcdef0123456789abcdef");
  await addItemData({ id, text: changed, authentication: author });
  assert.deepEqual(await getItemData(id, { authentication: author }), changed);
});

test("new data by file replaces the old bytes", async () => {
  const { id } = await createItem({
    item: { title: "Replace", type: "CSV" }, file: file(csv, `${unique("r")}.csv`, "text/csv"), authentication: author,
  });
  const longer = `${csv}${"more,1,2\n".repeat(20000)}`;
  const name = `${unique("r")}.csv`;
  await addItemData({ id, file: file(longer, name, "text/csv"), authentication: author });
  const item = await getItem(id, { authentication: author });
  assert.equal(item.name, name);
  assert.equal(item.size, Buffer.byteLength(longer));
  assert.equal((await bytes(author, `/content/items/${id}/data`)).body.toString(), longer);
});

test("a chosen id is honored once", async () => {
  const chosen = randomBytes(16).toString("hex");
  const { id } = await createItem({
    item: { title: "Chosen", type: "Web Map", text: {} }, params: { itemIdToCreate: chosen }, authentication: author,
  });
  assert.equal(id, chosen);
  await assert.rejects(createItem({
    item: { title: "Again", type: "Web Map", text: {} }, params: { itemIdToCreate: chosen }, authentication: author,
  }), { name: "ArcGISRequestError" });
  await assert.rejects(createItem({
    item: { title: "Bad id", type: "Web Map", text: {} }, params: { itemIdToCreate: "XYZ" }, authentication: author,
  }), { name: "ArcGISRequestError" });
  assert.equal((await getItem(chosen, { authentication: author })).title, "Chosen");
});

test("thumbnails are set, replaced and removed", async () => {
  const { id } = await createItem({
    item: { title: "Pictured", type: "Web Map", text: {} }, params: { thumbnail: png(red, "one.png") }, authentication: author,
  });
  const item = await getItem(id, { authentication: author });
  assert.match(item.thumbnail, /^thumbnail\/[^/]+\.png$/);
  assert.equal(item.thumbnailUrl.split("?")[0], `${rest}/content/items/${id}/info/${item.thumbnail}`);
  const first = await bytes(author, `/content/items/${id}/info/${item.thumbnail}`);
  assert.deepEqual(first.body, red);
  assert.equal(first.type, "image/png");
  assert.equal(first.headers.get("x-content-type-options"), "nosniff");

  await updateItem({ item: { id }, params: { thumbnail: png(blue, "two.png") }, authentication: author });
  const second = (await getItem(id, { authentication: author })).thumbnail;
  assert.deepEqual((await bytes(author, `/content/items/${id}/info/${second}`)).body, blue);

  assert.equal((await removeItemThumbnail({ id, authentication: author })).success, true);
  assert.equal((await getItem(id, { authentication: author })).thumbnail, null);
});

test("info files and metadata are kept beside the item", async () => {
  const { id } = await createItem({ item: { title: "Survey <1> & more", type: "Form", text: {} }, authentication: author });
  const form = JSON.stringify({ questions: ["wo?", "wann?"] });
  const answer = await updateItemInfo({
    id, folderName: "forms", file: file(form, "form.json", "application/json"), authentication: author,
  });
  assert.equal(answer.success, true);
  assert.equal(answer.itemId, id);
  assert.equal(await getItemInfo(id, { fileName: "forms/form.json", authentication: author }), form);

  const card = await getItemInfo(id, { authentication: author });
  assert.match(card, /ESRI_ItemInformation/);
  assert.match(card, /Survey &lt;1&gt; &amp; more/);

  const missing = await bytes(author, `/content/items/${id}/info/metadata/metadata.xml`);
  assert.equal(missing.status, 400);
  const xml = `<?xml version="1.0" encoding="UTF-8"?><metadata><idinfo>Gewässer</idinfo></metadata>`;
  await updateItem({ item: { id }, params: { metadata: file(xml, "metadata.xml", "text/xml") }, authentication: author });
  assert.equal(await getItemMetadata(id, { authentication: author }), xml);
});

test("a protected item stays until it is unprotected", async () => {
  const { id } = await createItem({ item: { title: "Precious", type: "Web Map", text: {} }, authentication: author });
  assert.equal((await protectItem({ id, authentication: author })).success, true);
  assert.equal((await getItem(id, { authentication: author })).protected, true);
  const words = `Unable to delete item ${id}. Delete protection is turned on.`;
  await refused(removeItem({ id, authentication: author }), 400, words);
  await refused(removeItem({ id, owner: author.username, authentication: admin }), 400, words);
  await assert.rejects(call(author, `/content/users/${author.username}/items/${id}/canDelete`), (error) => {
    assert.deepEqual(error.response, {
      itemId: id, success: false, error: { code: 400, message: words, offendingItems: [{ itemId: id }] },
    });
    return true;
  });

  assert.equal((await unprotectItem({ id, authentication: author })).success, true);
  assert.deepEqual(await removeItem({ id, authentication: author }), { success: true, itemId: id });
  await refused(getItem(id, { authentication: author }), "CONT_0001", text.noItem);
});

test("many items are deleted in one call, one verdict each", async () => {
  const ids = [];
  for (let i = 0; i < 3; i++) {
    ids.push((await createItem({ item: { title: `Batch ${i}`, type: "Web Map", text: {} }, authentication: author })).id);
  }
  await protectItem({ id: ids[1], authentication: author });
  const { results } = await call(author, `/content/users/${author.username}/deleteItems`, { items: ids });
  assert.deepEqual(results.map((r) => [r.itemId, r.success]), [[ids[0], true], [ids[1], false], [ids[2], true]]);
  assert.match(results[1].error.message, /Delete protection is turned on/);
  await refused(getItem(ids[0], { authentication: author }), "CONT_0001", text.noItem);
  assert.equal((await getItem(ids[1], { authentication: author })).title, "Batch 1");
});

test("an administrator gives an item to another member", async () => {
  const heir = await member(admin);
  const { id } = await createItem({
    item: { title: "Inherited", type: "CSV" }, file: file(csv, `${unique("h")}.csv`, "text/csv"), authentication: author,
  });
  const answer = await reassignItem({
    id, currentOwner: author.username, targetUsername: heir.username, targetFolderName: "From others", authentication: admin,
  });
  assert.deepEqual(answer, { success: true, itemId: id });
  const item = await getItem(id, { authentication: heir });
  assert.equal(item.owner, heir.username);
  const { folders } = await getUserContent({ authentication: heir });
  assert.deepEqual(folders.map((f) => [f.title, f.id]), [["From others", item.ownerFolder]]);
  assert.equal((await bytes(heir, `/content/items/${id}/data`)).body.toString(), csv);
  await refused(getItem(id, { authentication: author }), "CONT_0001", text.noItem);
});

test("large data goes through whole", async () => {
  const data = pattern(6_000_000, 7);
  const { id } = await createItem({
    item: { title: "Large", type: "Image" }, file: file(data, `${unique("large")}.tif`, "image/tiff"), authentication: author,
  });
  const back = await bytes(author, `/content/items/${id}/data`);
  assert.equal(back.body.length, data.length);
  assert.ok(back.body.equals(data), "the bytes differ");
});
