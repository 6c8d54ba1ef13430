// What comes to a member: invitations, notifications, and applications to groups.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  acceptInvitation, createGroup, createGroupNotification, createOrgNotification, declineInvitation, getGroup, getGroupUsers, getUserInvitation,
  getUserInvitations, getUserNotifications, inviteGroupUsers, joinGroup, leaveGroup, removeNotification,
} from "@esri/arcgis-rest-portal";
import { call, member, refused, signInAdmin, text, unique } from "./lib/portal.mjs";

const admin = await signInAdmin();
const owner = await member(admin);
const guest = await member(admin);
const notSupported = /^The operation \w+ is not supported by this portal\.$/;

const group = async (fields = {}) =>
  (await createGroup({ group: { title: unique("Club "), tags: ["x"], access: "org", ...fields }, authentication: owner })).group.id;

test("a member has no invitations and no notifications, and others do not ask", async () => {
  const invitations = await getUserInvitations({ authentication: guest });
  assert.deepEqual([invitations.userInvitations, invitations.total, invitations.nextStart], [[], 0, -1]);
  const { notifications } = await getUserNotifications({ authentication: guest });
  assert.deepEqual(notifications, []);
  await refused(getUserInvitations({ username: guest.username, authentication: owner }), "GWM_0003", text.noPermission);
  await refused(getUserNotifications({ username: guest.username, authentication: owner }), "GWM_0003", text.noPermission);
});

test("an invitation that does not exist is neither read, accepted nor declined", async () => {
  const none = "Invitation does not exist or is inaccessible.";
  for (const ask of [getUserInvitation, acceptInvitation, declineInvitation]) {
    await refused(ask({ invitationId: "0".repeat(32), authentication: guest }), 400, none);
    await refused(ask({ invitationId: "0".repeat(32), username: guest.username, authentication: owner }), "GWM_0003", text.noPermission);
  }
  await refused(removeNotification({ id: "0".repeat(32), authentication: guest }), 400, "Notification does not exist or is inaccessible.");
});

test("people are not invited by message: the portal sends none, and says so", async () => {
  const id = await group();
  const invited = await inviteGroupUsers({ id, users: [guest.username], role: "group_member", expiration: 10080, authentication: owner });
  assert.ok(!invited.success);
  assert.deepEqual(invited.errors.map((e) => e.code), ["RHUMB_0001"]);
  assert.match(invited.errors[0].originalMessage, notSupported);
  assert.deepEqual((await getGroupUsers(id, { authentication: owner })).users, []);
  assert.equal((await getUserInvitations({ authentication: guest })).total, 0);

  const message = { subject: "Closed", message: "On Friday", users: [guest.username], notificationChannelType: "builtin" };
  await refused(createGroupNotification({ id, ...message, authentication: owner }), "RHUMB_0001", notSupported);
  const told = await createOrgNotification({ ...message, authentication: admin });
  assert.ok(!told.success);
  assert.match(told.errors[0].originalMessage, notSupported);
  assert.deepEqual((await getUserNotifications({ authentication: guest })).notifications, []);
});

test("who asks to join waits until a manager decides", async () => {
  const id = await group({ isInvitationOnly: false, autoJoin: false });
  const [ada, bob] = [await member(admin), await member(admin)];
  for (const session of [ada, bob]) {
    assert.deepEqual(await joinGroup({ id, authentication: session }), { success: true, groupId: id });
    assert.equal((await getGroup(id, { authentication: session })).userMembership.memberType, "none");
  }
  assert.deepEqual((await getGroupUsers(id, { authentication: owner })).users, []);
  assert.equal((await getGroup(id, { authentication: owner })).userMembership.applications, 2);
  const { applications } = await call(owner, `/community/groups/${id}/applications`);
  assert.deepEqual(applications.map((a) => a.username).sort(), [ada.username, bob.username].sort());
  await refused(call(guest, `/community/groups/${id}/applications/${ada.username}/accept`), "GWM_0003", text.noPermission);
  assert.equal((await call(owner, `/community/groups/${id}/applications/${ada.username}/accept`)).success, true);
  assert.equal((await call(owner, `/community/groups/${id}/applications/${bob.username}/decline`)).success, true);
  assert.deepEqual((await getGroupUsers(id, { authentication: owner })).users, [ada.username]);
  assert.equal((await getGroup(id, { authentication: ada })).userMembership.memberType, "member");
  assert.equal((await getGroup(id, { authentication: owner })).userMembership.applications, 0);

  // An application is taken back by leaving.
  await joinGroup({ id, authentication: bob });
  assert.deepEqual(await leaveGroup({ id, authentication: bob }), { success: true, groupId: id });
  assert.deepEqual((await call(owner, `/community/groups/${id}/applications`)).applications, []);
});
