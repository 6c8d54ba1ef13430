// What the client works out on its own, held against what the portal answers at the addresses and
// with the names that come of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { request } from "@esri/arcgis-rest-request";
import {
  addItemResource, bboxToString, createGroup, createItem, decorateThumbnail, determineOwner, determineUsername, ensureMembership, getGroup,
  getGroupCategorySchema, getGroupUsers, getItem, getItemBaseUrl, getItemGroups, getItemResource, getPortalUrl, getSharingUrl, getUser,
  getUserMembership, getUserUrl, isBBox, isItemOwner, isOrgAdmin, scrubControlChars, searchCommunityUsers, searchItems, searchUsers,
  setItemAccess, updateItem,
} from "@esri/arcgis-rest-portal";
import { png, red } from "./lib/fixtures.mjs";
import { call, createUser, member, pages, refused, rest, signIn, signInAdmin, text, unique } from "./lib/portal.mjs";

const admin = await signInAdmin();
const author = await member(admin);
const colleague = await member(admin);

const addItem = async (fields = {}) =>
  (await createItem({ item: { title: unique("Map "), type: "Web Map", text: { n: 1 }, tags: ["x"], ...fields }, authentication: author })).id;
const addGroup = async (fields = {}, session = author) =>
  (await createGroup({ group: { title: unique("Group "), tags: ["x"], access: "org", ...fields }, authentication: session })).group.id;

test("the addresses that the client makes are those of the portal", async () => {
  const id = await addItem();
  assert.equal(getPortalUrl({ authentication: author }), rest);
  assert.equal(getPortalUrl({ portal: `${rest}/` }), rest);
  assert.equal((await request(getItemBaseUrl(id, rest), { authentication: author })).id, id);
  assert.equal((await request(getUserUrl(author), { authentication: author })).username, author.username);
  const groupId = await addGroup();
  const answer = await request(getSharingUrl({ id, authentication: author }), { params: { groups: groupId }, authentication: author });
  assert.deepEqual(answer, { notSharedWith: [], itemId: id });
  assert.deepEqual((await getItemGroups(id, { authentication: author })).admin.map((g) => g.id), [groupId]);
});

test("names that the client determines are those of the portal", async () => {
  const username = `${unique("jo")}.o@example`;
  const user = await createUser(admin, { username });
  const session = await signIn(username, user.password);
  assert.equal(await determineUsername({ authentication: session }), encodeURIComponent(username));
  assert.equal((await request(getUserUrl(session), { authentication: session })).username, username);
  assert.equal(await determineOwner({ authentication: session }), username);
  assert.equal(await determineOwner({ owner: author.username, authentication: session }), author.username);
  const id = await addItem();
  const item = await getItem(id, { authentication: author });
  assert.equal(await determineOwner({ item, authentication: session }), author.username);
  await assert.rejects(determineOwner({}), /Could not determine the owner/);
  assert.equal(isItemOwner({ id, owner: item.owner, authentication: author }), true);
  assert.equal(isItemOwner({ id, owner: item.owner, authentication: session }), false);
});

test("only the administrator is one", async () => {
  assert.equal(await isOrgAdmin({ authentication: admin }), true);
  assert.equal(await isOrgAdmin({ authentication: author }), false);
  const { id: roleId } = await call(admin, "/portals/self/createRole", { name: unique("Role "), description: "Nearly" });
  await call(admin, `/portals/self/roles/${roleId}/setPrivileges`, { privileges: { privileges: ["portal:admin:viewUsers"] } });
  const nearly = await member(admin, { role: roleId });
  assert.equal(await isOrgAdmin({ authentication: nearly }), false);
  assert.equal((await nearly.getUser()).roleId, roleId);
});

test("extents go and come as boxes", async () => {
  const box = [[5.9, 45.8], [10.5, 47.8]];
  assert.equal(isBBox(box), true);
  const id = await addItem({ extent: box });
  const { extent } = await getItem(id, { authentication: author });
  assert.deepEqual(extent, box);
  assert.equal(isBBox(extent), true);
  await updateItem({ item: { id, extent: bboxToString([[1, 2], [3, 4]]) }, authentication: author });
  assert.deepEqual((await getItem(id, { authentication: author })).extent, [[1, 2], [3, 4]]);
  const found = await searchItems({ q: `id:${id}`, params: { bbox: bboxToString([[0, 0], [1.5, 2.5]]) }, authentication: author });
  assert.deepEqual(found.results.map((it) => it.id), [id]);
});

test("the address of a thumbnail shows the picture", async () => {
  const id = await addItem();
  assert.equal("thumbnailUrl" in await getItem(id, { authentication: author }), false);
  await updateItem({ item: { id }, params: { thumbnail: png(red, "lake view.png") }, authentication: author });
  await setItemAccess({ id, access: "public", authentication: author });
  const item = await getItem(id, { portal: rest });
  assert.equal(item.thumbnailUrl, `${rest}/content/items/${id}/info/${item.thumbnail}`);
  assert.equal(decorateThumbnail(item, rest).thumbnailUrl, item.thumbnailUrl);
  const picture = await fetch(item.thumbnailUrl);
  assert.equal(picture.headers.get("content-type"), "image/png");
  assert.deepEqual(Buffer.from(await picture.arrayBuffer()), red);
  // A private one opens with the token, and not without.
  await setItemAccess({ id, access: "private", authentication: author });
  assert.notEqual((await fetch(item.thumbnailUrl)).status, 200);
  assert.equal((await fetch(`${item.thumbnailUrl}?token=${author.token}`)).status, 200);
});

test("control characters in a resource come as they went", async () => {
  const id = await addItem();
  const raw = "{\"label\":\"a\u0007b\u0085c\"}";
  await addItemResource({ id, name: "odd.json", content: raw, authentication: author });
  assert.equal(await getItemResource(id, { fileName: "odd.json", readAs: "text", authentication: author }), raw);
  assert.deepEqual(await getItemResource(id, { fileName: "odd.json", readAs: "json", authentication: author }), JSON.parse(scrubControlChars(raw)));
});

test("a group answers whose member one is, and its categories", async () => {
  const groupId = await addGroup();
  assert.equal(await getUserMembership({ groupId, authentication: author }), "owner");
  assert.equal(await getUserMembership({ groupId, authentication: colleague }), "none");
  assert.equal(await getUserMembership({ groupId: "0".repeat(32), authentication: colleague }), "none");
  assert.deepEqual((await getGroupCategorySchema(groupId, { authentication: author })).categorySchema, []);
  const categorySchema = [{ title: "Categories", categories: [{ title: "Gewässer", categories: [{ title: "Seen", categories: [] }] }] }];
  await call(author, `/community/groups/${groupId}/assignCategorySchema`, { categorySchema: { categorySchema } });
  const read = (await getGroupCategorySchema(groupId, { authentication: colleague })).categorySchema;
  assert.equal(read[0].categories[0].title, "Gewässer");
  assert.equal(read[0].categories[0].categories[0].title, "Seen");
  const hidden = await addGroup({ access: "private" });
  await refused(getGroupCategorySchema(hidden, { authentication: colleague }), "COM_0003", text.noGroup);
});

test("membership is ensured, raised and taken back", async () => {
  const groupId = await addGroup({}, admin);
  const read = (session) => getUser({ username: session.username, authentication: admin });
  const me = await read(admin);
  const options = { groupId, authentication: admin };
  const members = () => getGroupUsers(groupId, { authentication: admin });

  const added = ensureMembership(me, await read(colleague), false, "not added", options);
  assert.deepEqual(await added.promise, { notAdded: [] });
  assert.deepEqual((await members()).users, [colleague.username]);
  const raised = ensureMembership(me, await read(colleague), true, "not raised", options);
  assert.deepEqual(await raised.promise, { notAdded: [] });
  assert.deepEqual((await members()).admins, [me.username, colleague.username]);
  await raised.revert("kept");
  assert.deepEqual((await members()).users, [colleague.username]);
  assert.equal(await added.revert("kept"), "kept");
  assert.deepEqual((await members()).users, []);
  await assert.rejects(
    ensureMembership(await read(author), await read(colleague), false, "not added", { groupId, authentication: author }).promise, /not added/,
  );
  assert.equal((await getGroup(groupId, { authentication: colleague })).userMembership.memberType, "none");
});

test("members are found in the organization and in the community, page by page", async () => {
  const family = unique("fam");
  const names = [];
  for (let i = 0; i < 5; i++) names.push((await createUser(admin, { username: `${family}${i}`, lastname: family })).username);
  const order = { sortField: "username", sortOrder: "asc" };
  for (const search of [searchUsers, searchCommunityUsers]) {
    const found = await pages(await search({ q: `username:${family}*`, num: 2, ...order, authentication: admin }));
    assert.deepEqual(found.map((p) => [p.total, p.start, p.results.length, p.nextStart]), [[5, 1, 2, 3], [5, 3, 2, 5], [5, 5, 1, -1]], search.name);
    assert.deepEqual(found.flatMap((p) => p.results.map((u) => u.username)), names);
    assert.deepEqual(new Set(found.flatMap((p) => p.results.map((u) => u.fullName))), new Set([`Ada ${family}`]));
  }
  const one = await searchCommunityUsers({ q: `fullname:${family} AND username:${names[3]}`, authentication: author });
  assert.deepEqual(one.results.map((u) => u.username), [names[3]]);
  assert.equal("email" in one.results[0], false);
  await assert.rejects(searchCommunityUsers({ q: `username:${family}*`, portal: rest }), { name: "ArcGISAuthError" });
});
