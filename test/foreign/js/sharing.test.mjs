import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addGroupUsers, createGroup, createItem, getGroupContent, getItem, getItemData, getItemGroups, getGroupUsers,
  isItemSharedWithGroup, searchGroupContent, setItemAccess, shareItemWithGroup, unshareItemWithGroup, updateItem,
} from "@esri/arcgis-rest-portal";
import { call, member, refused, rest, signInAdmin, text, unique } from "./lib/portal.mjs";

const admin = await signInAdmin();
const author = await member(admin);
const colleague = await member(admin);

const item = async (owner = author) =>
  (await createItem({ item: { title: unique("Shared "), type: "Web Map", text: { n: 1 }, tags: ["s"] }, authentication: owner })).id;
const group = async (owner, fields = {}) =>
  (await createGroup({ group: { title: unique("Sharers "), tags: ["s"], access: "org", ...fields }, authentication: owner })).group.id;
const access = async (id) => (await getItem(id, { authentication: author })).access;

test("access goes from private to org to public and back", async () => {
  const id = await item();
  await refused(getItem(id, { authentication: colleague }), "CONT_0001", text.noItem);

  assert.deepEqual(await setItemAccess({ id, access: "org", authentication: author }), { notSharedWith: [], itemId: id });
  assert.equal(await access(id), "org");
  assert.equal((await getItem(id, { authentication: colleague })).id, id);
  await refused(getItem(id, { portal: rest }), "CONT_0001", text.noItem);

  await setItemAccess({ id, access: "public", authentication: author });
  assert.equal(await access(id), "public");
  assert.equal((await getItem(id, { portal: rest })).id, id);
  assert.deepEqual(await getItemData(id, { portal: rest }), { n: 1 });

  await setItemAccess({ id, access: "private", authentication: author });
  assert.equal(await access(id), "private");
  await refused(getItem(id, { authentication: colleague }), "CONT_0001", text.noItem);
});

test("what the owner alone sees is hidden from other readers", async () => {
  const id = await item();
  await setItemAccess({ id, access: "org", authentication: author });
  const seen = await getItem(id, { authentication: colleague });
  assert.equal("ownerFolder" in seen, false);
  assert.equal("protected" in seen, false);
  assert.ok(!seen.itemControl);
});

test("an owner shares with a group and takes it back", async () => {
  const id = await item();
  const groupId = await group(author);
  await addGroupUsers({ id: groupId, users: [colleague.username], authentication: author });
  assert.equal(await isItemSharedWithGroup({ id, groupId, authentication: author }), undefined);

  assert.deepEqual(await shareItemWithGroup({ id, groupId, authentication: author }), { notSharedWith: [], itemId: id });
  assert.equal(await access(id), "shared");
  assert.equal(await isItemSharedWithGroup({ id, groupId, authentication: author }), true);
  assert.equal((await shareItemWithGroup({ id, groupId, authentication: author })).shortcut, true);
  assert.equal((await getItem(id, { authentication: colleague })).id, id);

  const content = await getGroupContent(groupId, { authentication: colleague });
  assert.deepEqual([content.total, content.start, content.nextStart], [1, 1, -1]);
  assert.deepEqual(content.items.map((i) => i.id), [id]);
  const found = await searchGroupContent({ groupId, q: "type:\"Web Map\"", authentication: colleague });
  assert.deepEqual(found.results.map((i) => i.id), [id]);
  const groups = await getItemGroups(id, { authentication: author });
  assert.deepEqual(groups.admin.map((g) => g.id), [groupId]);
  assert.deepEqual((await getItemGroups(id, { authentication: colleague })).member.map((g) => g.id), [groupId]);

  assert.deepEqual(await unshareItemWithGroup({ id, groupId, authentication: author }), { notUnsharedFrom: [], itemId: id });
  assert.equal(await access(id), "private");
  await refused(getItem(id, { authentication: colleague }), "CONT_0001", text.noItem);
});

test("group shares survive a change of access, and private ends them", async () => {
  const id = await item();
  const groupId = await group(author);
  await shareItemWithGroup({ id, groupId, authentication: author });
  await setItemAccess({ id, access: "org", authentication: author });
  assert.equal((await getItemGroups(id, { authentication: author })).admin.length, 1);
  const { sharing } = await call(author, `/content/users/${author.username}/items/${id}`);
  assert.deepEqual(sharing, { access: "org", groups: [groupId] });
  await setItemAccess({ id, access: "private", authentication: author });
  assert.deepEqual((await call(author, `/content/users/${author.username}/items/${id}`)).sharing, { access: "private", groups: [] });
});

test("an administrator shares a member's item and leaves the group again", async () => {
  const id = await item();
  const groupId = await group(author);
  const before = await getGroupUsers(groupId, { authentication: author });
  assert.deepEqual(
    await shareItemWithGroup({ id, groupId, owner: author.username, authentication: admin }), { notSharedWith: [], itemId: id },
  );
  assert.equal(await isItemSharedWithGroup({ id, groupId, authentication: author }), true);
  assert.deepEqual(await getGroupUsers(groupId, { authentication: author }), before);
});

test("nobody shares with a group he is not in", async () => {
  const id = await item();
  const groupId = await group(colleague);
  await assert.rejects(
    shareItemWithGroup({ id, groupId, authentication: author }),
    new RegExp(`Item ${id} could not be shared to group ${groupId}|permission`),
  );
  assert.equal(await access(id), "private");
});

test("members of a shared-update group change its items", async () => {
  const id = await item();
  const groupId = await group(admin, { capabilities: "updateitemcontrol" });
  await addGroupUsers({ id: groupId, users: [colleague.username], admins: [author.username], authentication: admin });
  await shareItemWithGroup({ id, groupId, confirmItemControl: true, authentication: author });
  assert.equal((await getItem(id, { authentication: colleague })).itemControl, "update");
  await updateItem({ item: { id, owner: author.username, title: "By a colleague", text: { n: 2 } }, authentication: colleague });
  const read = await getItem(id, { authentication: author });
  assert.equal(read.title, "By a colleague");
  assert.equal(read.owner, author.username);
  assert.deepEqual(await getItemData(id, { authentication: author }), { n: 2 });
});

test("a group manager brings in public items and takes them out", async () => {
  const id = await item();
  await setItemAccess({ id, access: "public", authentication: author });
  const groupId = await group(colleague);
  const shared = await call(colleague, `/content/items/${id}/share`, { groups: groupId });
  assert.deepEqual(shared, { notSharedWith: [], itemId: id });
  assert.equal((await getGroupContent(groupId, { authentication: colleague })).total, 1);
  assert.deepEqual(await unshareItemWithGroup({ id, groupId, owner: author.username, authentication: colleague }), { notUnsharedFrom: [], itemId: id });
  assert.equal((await getGroupContent(groupId, { authentication: colleague })).total, 0);
  assert.equal(await access(id), "public");
});

test("several items are shared and unshared in one call", async () => {
  const ids = [await item(), await item()];
  const groupId = await group(author);
  const path = `/content/users/${author.username}`;
  const shared = await call(author, `${path}/shareItems`, { items: ids, everyone: false, account: true, groups: `,${groupId}` });
  assert.deepEqual(shared.results.map((r) => [r.itemId, r.success, r.notSharedWith]), ids.map((id) => [id, true, []]));
  for (const id of ids) {
    assert.equal(await access(id), "org");
    assert.equal(await isItemSharedWithGroup({ id, groupId, authentication: author }), true);
  }
  const missing = "f".repeat(32);
  const unshared = await call(author, `${path}/unshareItems`, { items: [ids[0], missing], groups: groupId });
  assert.deepEqual(unshared.results.map((r) => [r.itemId, r.success]), [[ids[0], true], [missing, false]]);
  assert.deepEqual((await getGroupContent(groupId, { authentication: author })).items.map((i) => i.id), [ids[1]]);
});

test("a member cannot share what he only reads", async () => {
  const id = await item();
  await setItemAccess({ id, access: "org", authentication: author });
  await assert.rejects(setItemAccess({ id, owner: author.username, access: "public", authentication: colleague }), /neither the item owner/);
  await refused(call(colleague, `/content/users/${author.username}/items/${id}/share`, { everyone: true, org: true }), "GWM_0003", text.noPermission);
  assert.equal(await access(id), "org");
});
