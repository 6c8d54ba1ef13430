import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addItemPart, cancelItemUpload, commitItemUpload, createItem, getItem, getItemParts, getItemStatus, updateItem,
} from "@esri/arcgis-rest-portal";
import { csv, file, pattern } from "./lib/fixtures.mjs";
import { bytes, call, id32, member, refused, signInAdmin, text, unique } from "./lib/portal.mjs";

const admin = await signInAdmin();
const author = await member(admin);

async function settled(id) {
  for (let i = 0; i < 600; i++) {
    const { status } = await getItemStatus({ id, authentication: author });
    if (status === "completed") return;
    assert.ok(["partial", "processing"].includes(status), `status ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail("the upload is still being processed after 30 s");
}

const part = (id, partNum, data) =>
  addItemPart({ id, partNum, file: file(data, "blob", "application/octet-stream"), authentication: author });

test("parts in any order, one sent twice, make one file", async () => {
  const filename = `${unique("big")}.csv`;
  const opened = await createItem({
    item: { title: "Opening title", type: "CSV" }, multipart: true, filename, authentication: author,
  });
  assert.equal(opened.success, true);
  assert.match(opened.id, id32);
  const { id } = opened;
  assert.equal((await getItemStatus({ id, authentication: author })).status, "partial");

  const parts = [pattern(300_000, 1), pattern(300_000, 2), Buffer.from(csv)];
  assert.deepEqual(await part(id, 3, parts[2]), { success: true, id });
  await Promise.all([part(id, 2, pattern(1000, 9)), part(id, 1, parts[0])]);
  await part(id, 2, parts[1]);
  assert.deepEqual((await getItemParts({ id, authentication: author })).parts, [1, 2, 3]);

  const committed = await commitItemUpload({
    id, item: { title: "Whole", type: "CSV", tags: ["parts"] }, authentication: author,
  });
  assert.equal(committed.success, true);
  assert.equal(committed.id, id);
  await settled(id);

  const item = await getItem(id, { authentication: author });
  assert.equal(item.title, "Whole");
  assert.deepEqual(item.tags, ["parts"]);
  assert.equal(item.name, filename);
  const whole = Buffer.concat(parts);
  assert.equal(item.size, whole.length);
  assert.ok((await bytes(author, `/content/items/${id}/data`)).body.equals(whole), "the bytes differ");
});

test("data of an item is replaced in parts", async () => {
  const { id } = await createItem({
    item: { title: "Replaced", type: "CSV" }, file: file(csv, `${unique("p")}.csv`, "text/csv"), authentication: author,
  });
  await updateItem({ item: { id }, params: { multipart: true, filename: `${unique("q")}.csv` }, authentication: author });
  await part(id, 1, Buffer.from("name\n"));
  await part(id, 2, Buffer.from("x\n"));
  await commitItemUpload({ id, item: { type: "CSV" }, authentication: author });
  await settled(id);
  assert.equal((await bytes(author, `/content/items/${id}/data`)).body.toString(), "name\nx\n");
  assert.equal((await getItem(id, { authentication: author })).title, "Replaced");
});

test("a cancelled upload leaves nothing to commit", async () => {
  const { id } = await createItem({
    item: { title: "Dropped", type: "CSV" }, multipart: true, filename: `${unique("c")}.csv`, authentication: author,
  });
  await part(id, 1, Buffer.from("name\n"));
  assert.deepEqual(await cancelItemUpload({ id, authentication: author }), { success: true, id });
  await assert.rejects(commitItemUpload({ id, item: { type: "CSV" }, authentication: author }), { name: "ArcGISRequestError" });
});

test("part numbers outside 1 to 10000 are refused by the portal too", async () => {
  const { id } = await createItem({
    item: { title: "Numbers", type: "CSV" }, multipart: true, filename: `${unique("n")}.csv`, authentication: author,
  });
  for (const n of ["0", "10001", "x", ""]) {
    await assert.rejects(call(author, `/content/users/${author.username}/items/${id}/addPart?partNum=${n}`, {
      file: file("a", "blob", "application/octet-stream"),
    }), { name: "ArcGISRequestError" }, `partNum ${n}`);
  }
  assert.deepEqual((await getItemParts({ id, authentication: author })).parts, []);
});

test("nobody else adds parts", async () => {
  const { id } = await createItem({
    item: { title: "Private upload", type: "CSV" }, multipart: true, filename: `${unique("o")}.csv`, authentication: author,
  });
  const other = await member(admin);
  await refused(addItemPart({
    id, owner: author.username, partNum: 1, file: file("a", "blob", "text/csv"), authentication: other,
  }), "CONT_0001", text.noItem);
});
