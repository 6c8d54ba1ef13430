import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addItemResource, createItem, getItemResource, getItemResources, removeItemResource, setItemAccess, updateItemResource,
} from "@esri/arcgis-rest-portal";
import { blue, file, pattern, png, red } from "./lib/fixtures.mjs";
import { bytes, call, member, refused, signInAdmin, text } from "./lib/portal.mjs";

const admin = await signInAdmin();
const author = await member(admin);

async function story() {
  const { id } = await createItem({ item: { title: "Story", type: "StoryMap", text: {} }, authentication: author });
  return id;
}

const names = async (id) =>
  (await getItemResources(id, { authentication: author })).resources.map((r) => r.resource).sort();
const read = async (id, name) => Buffer.from(
  await (await getItemResource(id, { fileName: name, readAs: "blob", authentication: author })).arrayBuffer(),
);

test("files and texts are added, listed and read back", async () => {
  const id = await story();
  const added = await addItemResource({
    id, name: "banner.png", prefix: "images/top", resource: png(red, "ignored.png"), authentication: author,
  });
  assert.equal(added.success, true);
  assert.equal(added.itemId, id);
  assert.equal(added.owner, author.username);
  const config = { zoom: 7, labels: ["Zürich", "Genève"] };
  await addItemResource({ id, name: "config.json", content: JSON.stringify(config), authentication: author });

  const list = await getItemResources(id, { authentication: author });
  assert.equal(list.total, 2);
  assert.equal(list.start, 1);
  assert.equal(list.nextStart, -1);
  const byName = Object.fromEntries(list.resources.map((r) => [r.resource, r]));
  assert.deepEqual(Object.keys(byName).sort(), ["config.json", "images/top/banner.png"]);
  assert.equal(byName["images/top/banner.png"].size, red.length);
  assert.equal(byName["images/top/banner.png"].access, "inherit");
  assert.ok(byName["config.json"].created > 0);

  assert.deepEqual(await read(id, "images/top/banner.png"), red);
  assert.deepEqual(await getItemResource(id, { fileName: "config.json", readAs: "json", authentication: author }), config);
});

test("a resource is updated in place and only where it exists", async () => {
  const id = await story();
  await addItemResource({ id, name: "pic.png", prefix: "img", resource: png(red, "pic.png"), authentication: author });
  const answer = await updateItemResource({
    id, name: "pic.png", prefix: "img", resource: png(blue, "pic.png"), authentication: author,
  });
  assert.equal(answer.success, true);
  assert.deepEqual(await read(id, "img/pic.png"), blue);
  assert.deepEqual(await names(id), ["img/pic.png"]);

  await refused(
    updateItemResource({ id, name: "other.png", resource: png(blue, "other.png"), authentication: author }), 404, text.noResource,
  );
  await assert.rejects(
    addItemResource({ id, name: "pic.png", prefix: "img", resource: png(red, "pic.png"), authentication: author }),
    { name: "ArcGISRequestError" },
  );
  assert.deepEqual(await read(id, "img/pic.png"), blue);
});

test("one resource or all of them are removed", async () => {
  const id = await story();
  for (const name of ["a.txt", "b.txt", "c.txt"]) {
    await addItemResource({ id, name, content: name, authentication: author });
  }
  assert.equal((await removeItemResource({ id, resource: "b.txt", authentication: author })).success, true);
  assert.deepEqual(await names(id), ["a.txt", "c.txt"]);
  await refused(removeItemResource({ id, resource: "b.txt", authentication: author }), 404, text.noResource);
  assert.equal((await removeItemResource({ id, deleteAll: true, authentication: author })).success, true);
  assert.deepEqual(await names(id), []);
});

test("a private resource of a public item is for its owner", async () => {
  const id = await story();
  await addItemResource({ id, name: "open.txt", content: "open", authentication: author });
  await addItemResource({ id, name: "secret.txt", content: "secret", private: true, authentication: author });
  await setItemAccess({ id, access: "public", authentication: author });
  assert.equal((await bytes(null, `/content/items/${id}/resources/open.txt`)).body.toString(), "open");
  const closed = await bytes(null, `/content/items/${id}/resources/secret.txt`);
  assert.ok(!closed.body.includes("secret"), "anonymous callers read a private resource");
  assert.equal((await read(id, "secret.txt")).toString(), "secret");
  const list = await getItemResources(id, { authentication: author });
  assert.deepEqual(list.resources.map((r) => [r.resource, r.access]).sort(), [["open.txt", "inherit"], ["secret.txt", "private"]]);

  await updateItemResource({ id, name: "secret.txt", content: "no more", private: false, authentication: author });
  assert.equal((await bytes(null, `/content/items/${id}/resources/secret.txt`)).body.toString(), "no more");
});

test("larger files and awkward names", async () => {
  const id = await story();
  const data = pattern(1_500_000, 3);
  await addItemResource({
    id, name: "Überblick (1).pdf", prefix: "docs", resource: file(data, "x.pdf", "application/pdf"), authentication: author,
  });
  assert.deepEqual(await names(id), ["docs/Überblick (1).pdf"]);
  const back = await bytes(author, `/content/items/${id}/resources/docs/${encodeURIComponent("Überblick (1).pdf")}`);
  assert.ok(back.body.equals(data), "the bytes differ");
  for (const name of ["../escape.txt", "a/../../b.txt"]) {
    await assert.rejects(addItemResource({ id, name, content: "x", authentication: author }), { name: "ArcGISRequestError" }, name);
  }
  await refused(addItemResource({ id, name: "run.exe", resource: file("MZ", "run.exe", "application/octet-stream"), authentication: author }),
    "CONT_0093", /File type not allowed for addResources/);
});

test("an archive is unpacked under its prefix", async () => {
  const id = await story();
  // A stored (uncompressed) zip of one.txt = "1" and dir/two.txt = "22".
  const zip = Buffer.from(
    "UEsDBBQAAAAAAAAAIQC379yDAQAAAAEAAAAHAAAAb25lLnR4dDFQSwMEFAAAAAAAAAAhAA4XfmQCAAAAAgAAAAsAAABkaXIvdHdvLnR4dDIyUEsBAhQDFAAAAAAAAAAhALfv3IMBAAAAAQAAAAcAAAAAAAAAAAAAAIABAAAAAG9uZS50eHRQSwECFAMUAAAAAAAAACEADhd+ZAIAAAACAAAACwAAAAAAAAAAAAAAgAEmAAAAZGlyL3R3by50eHRQSwUGAAAAAAIAAgBuAAAAUQAAAAAA",
    "base64",
  );
  await addItemResource({
    id, prefix: "pack", resource: file(zip, "pack.zip", "application/zip"), params: { archive: true }, authentication: author,
  });
  assert.deepEqual(await names(id), ["pack/dir/two.txt", "pack/one.txt"]);
  assert.equal((await read(id, "pack/dir/two.txt")).toString(), "22");
});

test("resources of others stay closed", async () => {
  const id = await story();
  await addItemResource({ id, name: "a.txt", content: "a", authentication: author });
  const other = await member(admin);
  await refused(getItemResources(id, { authentication: other }), "CONT_0001", text.noItem);
  await refused(addItemResource({ id, owner: author.username, name: "b.txt", content: "b", authentication: other }), "CONT_0001", text.noItem);
  await refused(call(other, `/content/users/${author.username}/items/${id}/removeResources`, { deleteAll: true }), "CONT_0001", text.noItem);
  assert.deepEqual(await names(id), ["a.txt"]);
});
