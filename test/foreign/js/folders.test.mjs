import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createFolder, createItem, createItemInFolder, getItem, getItemData, getUserContent, moveItem, removeFolder, updateItem,
} from "@esri/arcgis-rest-portal";
import { csv, file, webmap } from "./lib/fixtures.mjs";
import { call, id32, member, refused, signInAdmin, text, unique } from "./lib/portal.mjs";

const admin = await signInAdmin();

const folder = async (owner, title) => (await createFolder({ title, authentication: owner })).folder;
const map = async (owner, title, folderId) =>
  (await createItemInFolder({ item: { title, type: "Web Map", text: webmap() }, folderId, authentication: owner })).id;

test("folders are made, listed, renamed and unique by title", async () => {
  const owner = await member(admin);
  const made = await createFolder({ title: "Karten 2026", authentication: owner });
  assert.equal(made.success, true);
  assert.equal(made.folder.title, "Karten 2026");
  assert.equal(made.folder.username, owner.username);
  assert.match(made.folder.id, id32);

  await assert.rejects(createFolder({ title: "KARTEN 2026", authentication: owner }), { name: "ArcGISRequestError" });
  await assert.rejects(createFolder({ title: "", authentication: owner }), { name: "ArcGISRequestError" });

  const renamed = await call(owner, `/content/users/${owner.username}/${made.folder.id}/updateFolder`, { newTitle: "Pläne" });
  assert.equal(renamed.success, true);
  assert.equal(renamed.folder.title, "Pläne");
  const { folders } = await getUserContent({ authentication: owner });
  assert.deepEqual(folders.map((f) => [f.id, f.title, f.username]), [[made.folder.id, "Pläne", owner.username]]);
  assert.ok(folders[0].created > 0);
});

test("items live in folders and move between them", async () => {
  const owner = await member(admin);
  const from = await folder(owner, "From");
  const to = await folder(owner, "To");
  const id = await map(owner, "Wanderer", from.id);
  assert.equal((await getItem(id, { authentication: owner })).ownerFolder, from.id);

  const inside = await getUserContent({ folderId: from.id, authentication: owner });
  assert.deepEqual(inside.items.map((i) => i.id), [id]);
  assert.equal(inside.total, 1);
  assert.equal(inside.currentFolder.id, from.id);
  assert.equal((await getUserContent({ authentication: owner })).total, 0);

  assert.deepEqual(await moveItem({ itemId: id, folderId: to.id, authentication: owner }), {
    success: true, itemId: id, owner: owner.username, folder: to.id,
  });
  assert.equal((await getItem(id, { authentication: owner })).ownerFolder, to.id);
  assert.deepEqual((await getUserContent({ folderId: from.id, authentication: owner })).items, []);

  const home = await moveItem({ itemId: id, authentication: owner });
  assert.equal(home.success, true);
  assert.equal((await getItem(id, { authentication: owner })).ownerFolder, null);
  assert.deepEqual((await getUserContent({ authentication: owner })).items.map((i) => i.id), [id]);
  assert.deepEqual(await getItemData(id, { authentication: owner }), webmap());

  await assert.rejects(moveItem({ itemId: id, folderId: "0".repeat(32), authentication: owner }), { name: "ArcGISRequestError" });
  assert.equal((await getItem(id, { authentication: owner })).ownerFolder, null);
});

test("a listing pages over the items of one folder", async () => {
  const owner = await member(admin);
  const { id: folderId } = await folder(owner, "Many");
  const ids = [];
  for (let i = 0; i < 7; i++) ids.push(await map(owner, `Map ${i}`, folderId));
  const seen = [];
  const shape = [];
  for (let start = 1; start > 0; ) {
    const page = await getUserContent({ folderId, start, num: 3, authentication: owner });
    shape.push([page.total, page.start, page.items.length, page.nextStart]);
    seen.push(...page.items.map((i) => i.id));
    start = page.nextStart;
  }
  assert.deepEqual(shape, [[7, 1, 3, 4], [7, 4, 3, 7], [7, 7, 1, -1]]);
  assert.deepEqual([...seen].sort(), [...ids].sort());
});

test("a file name is unique within a folder, not across", async () => {
  const owner = await member(admin);
  const a = await folder(owner, "A");
  const b = await folder(owner, "B");
  const add = (folderId) => createItemInFolder({
    item: { title: "Sites", type: "CSV" }, file: file(csv, "sites.csv", "text/csv"), folderId, authentication: owner,
  });
  const { id } = await add(a.id);
  const { id: second } = await add(b.id);
  assert.notEqual(id, second);
  await assert.rejects(add(a.id), { code: 409, originalMessage: "Item 'sites.csv' already exists." });
  await updateItem({
    item: { id: second }, folderId: b.id, params: { file: file(`${csv}x,1,2\n`, "sites.csv", "text/csv") }, authentication: owner,
  });
  assert.equal((await getItem(second, { authentication: owner })).size, Buffer.byteLength(`${csv}x,1,2\n`));
});

test("removing a folder removes what is in it", async () => {
  const owner = await member(admin);
  const { id: folderId } = await folder(owner, "Doomed");
  const id = await map(owner, "Inside", folderId);
  const kept = await map(owner, "Outside");
  const gone = await removeFolder({ folderId, authentication: owner });
  assert.equal(gone.success, true);
  assert.equal(gone.folder.id, folderId);
  assert.equal(gone.folder.title, "Doomed");
  await refused(getItem(id, { authentication: owner }), "CONT_0001", text.noItem);
  assert.equal((await getItem(kept, { authentication: owner })).title, "Outside");
  assert.deepEqual((await getUserContent({ authentication: owner })).folders, []);
});

test("a folder that holds a protected item stays", async () => {
  const owner = await member(admin);
  const { id: folderId } = await folder(owner, "Guarded");
  const id = await map(owner, "Guarded map", folderId);
  await call(owner, `/content/users/${owner.username}/items/${id}/protect`);
  await assert.rejects(removeFolder({ folderId, authentication: owner }), { name: "ArcGISRequestError" });
  assert.equal((await getItem(id, { authentication: owner })).ownerFolder, folderId);
});

test("content of others is closed to members and open to administrators", async () => {
  const owner = await member(admin);
  const other = await member(admin);
  const { id: folderId } = await folder(owner, unique("Mine"));
  const id = await map(owner, "Private", folderId);
  await refused(getUserContent({ owner: owner.username, authentication: other }), "GWM_0003", text.noPermission);
  await refused(createFolder({ owner: owner.username, title: "Intruder", authentication: other }), "GWM_0003", text.noPermission);
  await refused(moveItem({ itemId: id, owner: owner.username, authentication: other }), "CONT_0001", text.noItem);
  const listed = await getUserContent({ owner: owner.username, folderId, authentication: admin });
  assert.deepEqual(listed.items.map((i) => i.id), [id]);
  const { id: made } = await createItem({ owner: owner.username, item: { title: "By the administrator", type: "Web Map", text: {} }, authentication: admin });
  assert.equal((await getItem(made, { authentication: owner })).owner, owner.username);
});
