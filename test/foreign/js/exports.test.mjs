// Keeps the suite complete: every function that the client exports is called by a test, or listed
// here with the reason why none calls it, and the reason is put to the proof.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import * as client from "@esri/arcgis-rest-portal";
import { createItem, getItem, getUserContent } from "@esri/arcgis-rest-portal";
import { member, rest, signInAdmin } from "./lib/portal.mjs";

const author = await member(await signInAdmin());

/** What has no route: why, and a call that the portal refuses. */
const noRoute = {
  exportItem: {
    reason: "no route: services are not hosted, so nothing is exported from them",
    code: "RHUMB_0001",
    call: (id) => client.exportItem({ id, title: "Copy", exportFormat: "CSV", exportParameters: {}, authentication: author }),
  },
  isServiceNameAvailable: {
    reason: "no route: services are not hosted, so they have no names to keep",
    code: "HTTP 404 Not Found",
    call: () => client.isServiceNameAvailable("parks", "Feature Service", author),
  },
  getUniqueServiceName: {
    reason: "no route: asks isServiceNameAvailable",
    code: "HTTP 404 Not Found",
    call: () => client.getUniqueServiceName("parks", "Feature Service", author, 0),
  },
};

/** The names that a test file takes from the client and uses: calls, or hands to a loop that does. */
function calledIn(source) {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const names = [...code.matchAll(/import\s*\{([^}]*)\}\s*from\s*"@esri\/arcgis-rest-portal"/g)]
    .flatMap((m) => m[1].split(",").map((name) => name.trim()).filter(Boolean));
  const body = code.replace(/^import[\s\S]*?;$/gm, "");
  return names.filter((name) => new RegExp(`\\b${name}\\b`).test(body));
}

test("every export of the client is called or has its reason", () => {
  const self = "exports.test.mjs";
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".test.mjs") && name !== self);
  assert.ok(files.length > 10);
  const called = new Set(files.flatMap((name) => calledIn(readFileSync(`${import.meta.dirname}/${name}`, "utf8"))));
  const exported = Object.keys(client);
  assert.ok(exported.length > 80);
  assert.deepEqual(exported.filter((name) => !called.has(name) && !(name in noRoute)).sort(), [], "neither called nor listed");
  assert.deepEqual(Object.keys(noRoute).filter((name) => called.has(name) || !exported.includes(name)), [], "listed, but called or gone");
});

for (const [name, { reason, code, call }] of Object.entries(noRoute)) {
  test(`${name} has ${reason}`, async () => {
    const { id } = await createItem({ item: { title: "Stays", type: "CSV", text: "a,b\n1,2\n" }, authentication: author });
    const before = (await getUserContent({ authentication: author })).total;
    await assert.rejects(call(id), (error) => {
      assert.equal(error.code, code, `${error.name}: ${error.message}`);
      assert.ok(error.url.startsWith(rest));
      return true;
    });
    assert.equal((await getUserContent({ authentication: author })).total, before);
    assert.equal((await getItem(id, { authentication: author })).title, "Stays");
  });
}
