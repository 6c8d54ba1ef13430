import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addItemRelationship, createItem, getItem, getRelatedItems, removeItem, removeItemRelationship,
} from "@esri/arcgis-rest-portal";
import { call, member, refused, signInAdmin, text } from "./lib/portal.mjs";

const admin = await signInAdmin();
const author = await member(admin);

const make = async (type, fields = {}, owner = author) =>
  (await createItem({ item: { title: type, type, text: {}, ...fields }, authentication: owner })).id;
const service = (owner) =>
  make("Feature Service", { url: "https://example.com/arcgis/rest/services/S/FeatureServer", text: undefined }, owner);
const related = async (id, relationshipType, direction, session = author) => {
  const answer = await getRelatedItems({ id, relationshipType, direction, authentication: session });
  assert.equal(answer.total, answer.relatedItems.length);
  return answer.relatedItems.map((i) => i.id).sort();
};

test("a relationship is found from both ends and by type", async () => {
  const form = await make("Form");
  const target = await service();
  const answer = await addItemRelationship({
    originItemId: form, destinationItemId: target, relationshipType: "Survey2Service", authentication: author,
  });
  assert.deepEqual(answer, { success: true });
  assert.deepEqual(await related(form, "Survey2Service", "forward"), [target]);
  assert.deepEqual(await related(target, "Survey2Service", "reverse"), [form]);
  assert.deepEqual(await related(form, "Survey2Service", "reverse"), []);
  assert.deepEqual(await related(form, "Survey2Data", "forward"), []);
  assert.deepEqual(await related(form, ["Survey2Data", "Survey2Service"], "forward"), [target]);
  const { relatedItems } = await getRelatedItems({ id: form, relationshipType: "Survey2Service", authentication: author });
  assert.equal(relatedItems[0].type, "Feature Service");
  assert.equal(relatedItems[0].owner, author.username);

  assert.deepEqual(await removeItemRelationship({
    originItemId: form, destinationItemId: target, relationshipType: "Survey2Service", authentication: author,
  }), { success: true });
  assert.deepEqual(await related(form, "Survey2Service", "forward"), []);
});

test("one origin has many destinations", async () => {
  const map = await make("Web Map");
  const services = [await service(), await service()].sort();
  for (const destinationItemId of services) {
    await addItemRelationship({ originItemId: map, destinationItemId, relationshipType: "Map2Service", authentication: author });
  }
  assert.deepEqual(await related(map, "Map2Service", "forward"), services);
});

test("an item is born related", async () => {
  const form = await make("Form");
  const { id } = await createItem({
    item: { title: "Answers", type: "Feature Service", url: "https://example.com/arcgis/rest/services/A/FeatureServer" },
    params: { relationshipType: "Survey2Service", originItemId: form }, authentication: author,
  });
  assert.deepEqual(await related(form, "Survey2Service", "forward"), [id]);
});

test("a deleted item leaves no relationship behind", async () => {
  const map = await make("Web Map");
  const target = await service();
  await addItemRelationship({ originItemId: map, destinationItemId: target, relationshipType: "Map2Service", authentication: author });
  await removeItem({ id: target, authentication: author });
  assert.deepEqual(await related(map, "Map2Service", "forward"), []);
});

test("composite children go with their parent", async () => {
  const app = await make("Web Mapping Application");
  const code = await make("Code Attachment");
  await addItemRelationship({ originItemId: app, destinationItemId: code, relationshipType: "WMA2Code", authentication: author });
  await removeItem({ id: app, authentication: author });
  await refused(getItem(code, { authentication: author }), "CONT_0001", text.noItem);
});

test("types that demand ownership of both ends check it", async () => {
  const other = await member(admin);
  const map = await make("Web Map");
  const foreign = await make("Map Area", {}, other);
  await call(other, `/content/users/${other.username}/items/${foreign}/share`, { everyone: true, org: true });
  await assert.rejects(addItemRelationship({
    originItemId: map, destinationItemId: foreign, relationshipType: "Map2Area", authentication: author,
  }), { name: "ArcGISRequestError" });
  assert.deepEqual(await related(map, "Map2Area", "forward"), []);
});

test("unknown types and hidden items are refused", async () => {
  const other = await member(admin);
  const map = await make("Web Map");
  const hidden = await service(other);
  await assert.rejects(addItemRelationship({
    originItemId: map, destinationItemId: await service(), relationshipType: "Map2Moon", authentication: author,
  }), { name: "ArcGISRequestError" });
  await refused(addItemRelationship({
    originItemId: map, destinationItemId: hidden, relationshipType: "Map2Service", authentication: author,
  }), "CONT_0001", text.noItem);
  await refused(getRelatedItems({ id: hidden, relationshipType: "Map2Service", authentication: author }), "CONT_0001", text.noItem);
});
