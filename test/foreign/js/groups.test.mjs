import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addGroupUsers, createGroup, getGroup, getGroupUsers, joinGroup, leaveGroup, protectGroup, removeGroup,
  removeGroupUsers, searchGroups, searchGroupUsers, unprotectGroup, updateGroup, updateUserMemberships,
} from "@esri/arcgis-rest-portal";
import { blue, png, red } from "./lib/fixtures.mjs";
import { bytes, call, id32, member, pages, refused, rest, signInAdmin, text, unique } from "./lib/portal.mjs";

const admin = await signInAdmin();
const owner = await member(admin);

async function group(fields = {}, session = owner) {
  const title = unique("Group ");
  const answer = await createGroup({
    group: { title, tags: ["test"], access: "org", ...fields }, authentication: session,
  });
  assert.equal(answer.success, true);
  return answer.group;
}

test("a group reads back as it was made", async () => {
  const title = unique("Straßen & Wege ");
  const made = await group({
    title, tags: ["streets", "Wege"], description: "All <i>ways</i>", snippet: "short", access: "org",
    isInvitationOnly: true, isViewOnly: true, sortField: "title", sortOrder: "asc", phone: "118",
  });
  assert.match(made.id, id32);
  const read = await getGroup(made.id, { authentication: owner });
  assert.equal(read.title, title);
  assert.equal(read.owner, owner.username);
  assert.deepEqual(read.tags, ["streets", "Wege"]);
  assert.equal(read.description, "All <i>ways</i>");
  assert.equal(read.snippet, "short");
  assert.equal(read.access, "org");
  assert.equal(read.isInvitationOnly, true);
  assert.equal(read.isViewOnly, true);
  assert.equal(read.autoJoin, false);
  assert.equal(read.protected, false);
  assert.equal(read.phone, "118");
  assert.deepEqual(read.capabilities, []);
  assert.deepEqual(read.userMembership, { username: owner.username, memberType: "owner", applications: 0 });
  await assert.rejects(group({ title }), { name: "ArcGISRequestError" });
});

test("a shared-update group says so and stays one", async () => {
  const made = await group({ capabilities: "updateitemcontrol" }, admin);
  assert.deepEqual((await getGroup(made.id, { authentication: admin })).capabilities, ["updateitemcontrol"]);
  await updateGroup({ group: { id: made.id, snippet: "still", capabilities: "" }, authentication: admin });
  const read = await getGroup(made.id, { authentication: admin });
  assert.deepEqual(read.capabilities, ["updateitemcontrol"]);
  assert.equal(read.snippet, "still");
});

test("a group is changed, with thumbnail", async () => {
  const { id, title } = await group({ description: "before", snippet: "keep" });
  const answer = await updateGroup({ group: { id, description: "after", tags: ["x", "y"] }, authentication: owner });
  assert.equal(answer.success, true);
  await updateGroup({ group: { id }, params: { thumbnail: png(red, "group pic.png") }, authentication: owner });
  let read = await getGroup(id, { authentication: owner });
  assert.equal(read.title, title);
  assert.equal(read.description, "after");
  assert.equal(read.snippet, "keep");
  assert.deepEqual(read.tags, ["x", "y"]);
  assert.deepEqual((await bytes(owner, `/community/groups/${id}/info/${encodeURIComponent(read.thumbnail)}`)).body, red);
  await updateGroup({ group: { id }, params: { thumbnail: png(blue, "pic2.png") }, authentication: owner });
  read = await getGroup(id, { authentication: owner });
  assert.deepEqual((await bytes(owner, `/community/groups/${id}/info/${read.thumbnail}`)).body, blue);
});

test("members come, change role and go", async () => {
  const { id } = await group();
  const [ada, bob, cyd] = [await member(admin), await member(admin), await member(admin)];
  const added = await addGroupUsers({
    id, users: [ada.username, "nobody_of_that_name"], admins: [bob.username], authentication: owner,
  });
  assert.deepEqual(added, { notAdded: ["nobody_of_that_name"] });
  assert.deepEqual(await getGroupUsers(id, { authentication: owner }), {
    owner: owner.username, admins: [owner.username, bob.username], users: [ada.username],
  });
  assert.equal((await getGroup(id, { authentication: ada })).userMembership.memberType, "member");
  assert.equal((await getGroup(id, { authentication: bob })).userMembership.memberType, "admin");
  assert.deepEqual((await ada.getUser()).groups.map((g) => g.id), []);
  ada.clearCachedUserInfo();
  assert.deepEqual((await ada.getUser()).groups.map((g) => [g.id, g.userMembership.memberType]), [[id, "member"]]);

  const { results } = await updateUserMemberships({ id, users: [ada.username], newMemberType: "admin", authentication: owner });
  assert.deepEqual(results.map((r) => [r.username, r.success]), [[ada.username, true]]);
  assert.deepEqual((await getGroupUsers(id, { authentication: owner })).admins.sort(), [owner.username, ada.username, bob.username].sort());

  // A manager adds people; a plain member does not.
  assert.deepEqual(await addGroupUsers({ id, users: [cyd.username], authentication: bob }), { notAdded: [] });
  const denied = await addGroupUsers({ id, users: [ada.username], authentication: cyd });
  assert.equal(denied.errors[0].code, "GWM_0003");

  assert.deepEqual(await removeGroupUsers({ id, users: [bob.username, owner.username], authentication: owner }), { notRemoved: [owner.username] });
  const after = await getGroupUsers(id, { authentication: owner });
  assert.deepEqual(after.admins.sort(), [owner.username, ada.username].sort());
  assert.deepEqual(after.users, [cyd.username]);
});

test("the member list pages, filters and names the owner apart", async () => {
  const { id } = await group();
  const people = [];
  for (let i = 0; i < 5; i++) people.push((await member(admin, { firstname: `P${i}` })).username);
  await addGroupUsers({ id, users: people.slice(0, 4), admins: [people[4]], authentication: owner });
  const all = [];
  for (let start = 1; start > 0; ) {
    const page = await searchGroupUsers(id, { start, num: 2, sortField: "username", sortOrder: "asc", authentication: owner });
    assert.equal(page.total, 5);
    assert.equal(page.owner.username, owner.username);
    all.push(...page.users);
    start = page.nextStart;
  }
  assert.deepEqual(all.map((u) => u.username), [...people].sort());
  assert.ok(all.every((u) => u.joined > 0 && u.fullName.endsWith(" Lovelace")));
  const managers = await searchGroupUsers(id, { memberType: "admin", authentication: owner });
  assert.deepEqual(managers.users.map((u) => [u.username, u.memberType]), [[people[4], "admin"]]);
  const named = await searchGroupUsers(id, { name: "P2", authentication: owner });
  assert.deepEqual(named.users.map((u) => u.username), [people[2]]);
});

test("people join open groups and leave them", async () => {
  const { id } = await group({ autoJoin: true, isInvitationOnly: false });
  const guest = await member(admin);
  const joined = await joinGroup({ id, authentication: guest });
  assert.deepEqual(joined, { success: true, groupId: id });
  assert.deepEqual((await getGroupUsers(id, { authentication: owner })).users, [guest.username]);
  assert.deepEqual(await leaveGroup({ id, authentication: guest }), { success: true, groupId: id });
  assert.deepEqual((await getGroupUsers(id, { authentication: owner })).users, []);
  await assert.rejects(leaveGroup({ id, authentication: owner }), { name: "ArcGISRequestError" });

  const closed = await group({ isInvitationOnly: true });
  await assert.rejects(joinGroup({ id: closed.id, authentication: guest }), { name: "ArcGISRequestError" });
  assert.deepEqual((await getGroupUsers(closed.id, { authentication: owner })).users, []);
});

test("groups are searched page by page, and only those one may see", async () => {
  const word = unique("zebra");
  const titles = [];
  for (let i = 0; i < 7; i++) titles.push((await group({ title: `${word} ${i}` })).title);
  const hidden = await group({ title: `${word} hidden`, access: "private" });
  const found = await pages(await searchGroups({ q: word, num: 3, sortField: "title", sortOrder: "asc", authentication: admin }));
  assert.deepEqual(found.map((p) => [p.total, p.start, p.results.length, p.nextStart]), [[8, 1, 3, 4], [8, 4, 3, 7], [8, 7, 2, -1]]);
  assert.deepEqual(found.flatMap((p) => p.results.map((g) => g.title)), [...titles, hidden.title]);

  const stranger = await member(admin);
  assert.equal((await searchGroups({ q: word, authentication: stranger })).total, 7);
  assert.equal((await searchGroups({ q: word, portal: rest })).total, 0);
  const mine = await searchGroups({ q: `title:"${word} 3" AND owner:${owner.username}`, authentication: stranger });
  assert.deepEqual(mine.results.map((g) => g.title), [`${word} 3`]);
  const { id } = await admin.getPortal();
  assert.equal((await searchGroups({ q: `${word} accountid:${id}`, authentication: stranger })).total, 7);
  assert.equal((await searchGroups({ q: `${word} -title:3`, authentication: stranger })).total, 6);
});

test("a protected group stays until it is unprotected", async () => {
  const { id } = await group();
  assert.equal((await protectGroup({ id, authentication: owner })).success, true);
  assert.equal((await getGroup(id, { authentication: owner })).protected, true);
  await assert.rejects(removeGroup({ id, authentication: owner }), { name: "ArcGISRequestError" });
  assert.equal((await unprotectGroup({ id, authentication: owner })).success, true);
  const gone = await removeGroup({ id, authentication: owner });
  assert.deepEqual(gone, { success: true, groupId: id });
  await refused(getGroup(id, { authentication: owner }), "COM_0003", text.noGroup);
});

test("an administrator hands a group to another owner", async () => {
  const heir = await member(admin);
  const { id } = await group();
  assert.equal((await call(admin, `/community/groups/${id}/reassign`, { targetUsername: heir.username })).success, true);
  assert.equal((await getGroup(id, { authentication: heir })).owner, heir.username);
  assert.equal((await getGroupUsers(id, { authentication: heir })).owner, heir.username);
});

test("strangers neither see private groups nor change others'", async () => {
  const stranger = await member(admin);
  const hidden = await group({ access: "private" });
  const open = await group({ access: "org" });
  await refused(getGroup(hidden.id, { authentication: stranger }), "COM_0003", text.noGroup);
  await refused(getGroup("0".repeat(32), { authentication: stranger }), "COM_0003", text.noGroup);
  await refused(getGroup(open.id, { portal: rest }), "COM_0003", text.noGroup);
  await refused(updateGroup({ group: { id: open.id, title: "Mine now" }, authentication: stranger }), "GWM_0003", text.noPermission);
  await refused(removeGroup({ id: open.id, authentication: stranger }), "GWM_0003", text.noPermission);
  assert.equal((await getGroup(open.id, { authentication: stranger })).title, open.title);
});

test("a group without title is refused", async () => {
  await assert.rejects(createGroup({ group: { title: "", tags: ["x"] }, authentication: owner }), (error) => {
    assert.equal(error.code, 400);
    assert.match(error.originalMessage, /title/);
    return true;
  });
});
