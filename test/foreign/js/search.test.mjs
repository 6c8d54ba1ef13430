import assert from "node:assert/strict";
import { test } from "node:test";
import { createItem, SearchQueryBuilder, searchItems, setItemAccess } from "@esri/arcgis-rest-portal";
import { member, pages, refused, rest, signInAdmin, unique } from "./lib/portal.mjs";

const admin = await signInAdmin();
const author = await member(admin);
const word = unique("quokka");

const add = async (title, fields = {}) => (await createItem({
  item: { title, type: "Web Map", text: {}, tags: [word], ...fields }, authentication: author,
})).id;

const items = {
  lakes: await add("Alpine lakes", { snippet: "water and ice", extent: [[6, 46], [8, 47]] }),
  rivers: await add("Rivers of the Alps", { description: "flowing water", extent: [[7, 46.5], [9, 48]] }),
  app: await add("Alpine viewer", { type: "Web Mapping Application", url: "https://example.com/app" }),
  service: await add("Glaciers", { type: "Feature Service", url: "https://example.com/arcgis/rest/services/G/FeatureServer", extent: [[-120, 30], [-110, 40]] }),
  table: await add("Gauges", { type: "CSV", text: "a,b\n1,2\n", tags: [word, "hydrology", "time series"] }),
};
const names = Object.fromEntries(Object.entries(items).map(([name, id]) => [id, name]));

async function find(q, more = {}) {
  const answer = await searchItems({ q: `tags:${word} AND (${q})`, num: 100, authentication: author, ...more });
  assert.equal(answer.total, answer.results.length);
  return answer.results.map((i) => names[i.id]).sort();
}

const table = [
  [`title:lakes`, ["lakes"]],
  [`title:lake`, ["lakes"]],
  [`alpine`, ["app", "lakes"]],
  [`"Rivers of the Alps"`, ["rivers"]],
  [`water`, ["lakes", "rivers"]],
  [`snippet:water OR description:water`, ["lakes", "rivers"]],
  [`title:alpine NOT title:lakes`, ["app"]],
  [`title:alpine NOT type:"Web Map"`, []], // types are text: a "Web Mapping Application" matches
  [`title:alpine -type:"Web Mapping Application"`, ["lakes"]],
  [`type:"Web Map"`, ["app", "lakes", "rivers"]],
  [`type:"web map" NOT type:"web mapping application"`, ["lakes", "rivers"]],
  [`type:"feature service" OR type:CSV`, ["service", "table"]],
  [`gla*`, ["service"]],
  [`title:ga?ges`, ["table"]],
  [`tags:hydrology`, ["table"]],
  [`tags:"time series"`, ["table"]],
  [`(title:glaciers OR title:gauges) AND type:CSV`, ["table"]],
  [`access:private`, ["app", "lakes", "rivers", "service", "table"]],
  [`access:public`, []],
  [`title:nothinglikeit`, []],
];
for (const [q, want] of table) {
  test(`finds ${q}`, async () => assert.deepEqual(await find(q), want));
}

test("an item is found by id, owner and organization, in any spacing", async () => {
  const { id: org } = await admin.getPortal();
  assert.deepEqual(await find(`id:${items.lakes}`), ["lakes"]);
  assert.deepEqual(await find(`id: ${items.lakes}`), ["lakes"]);
  assert.deepEqual(await find(`owner:${author.username} AND title:glaciers`), ["service"]);
  const answer = await searchItems({ q: `title:glaciers tags:${word} accountid:${org}`, authentication: author });
  assert.deepEqual(answer.results.map((i) => i.id), [items.service]);
  assert.equal((await searchItems({ q: `tags:${word} orgid:0000000000000000`, authentication: author })).total, 0);
});

test("dates are compared in milliseconds, padded or not", async () => {
  const now = Date.now();
  const pad = (ms) => String(ms).padStart(19, "0");
  assert.equal((await find(`created:[${now - 3600_000} TO ${now + 3600_000}]`)).length, 5);
  assert.equal((await find(`created:[${pad(now - 3600_000)} TO ${pad(now + 3600_000)}]`)).length, 5);
  assert.deepEqual(await find(`modified:[0 TO ${now - 3600_000}]`), []);
});

test("the client's query builder is understood", async () => {
  const q = new SearchQueryBuilder()
    .match(word).in("tags").and()
    .startGroup().match("Alpine lakes").in("title").or().match("Glaciers").in("title").boost(3).endGroup()
    .and().from(new Date(Date.now() - 3600_000)).to(new Date(Date.now() + 3600_000)).in("created");
  const answer = await searchItems({ q, authentication: author });
  assert.deepEqual(answer.results.map((i) => names[i.id]).sort(), ["lakes", "service"]);
  const without = new SearchQueryBuilder().match(word).in("tags").not().match("CSV").in("type");
  assert.equal((await searchItems({ q: without, authentication: author })).total, 4);
});

test("pages follow each other without gap or repetition", async () => {
  for (const [sortOrder, start] of [["asc", 1], ["desc", 1]]) {
    const found = await pages(await searchItems({
      q: `tags:${word}`, num: 2, start, sortField: "title", sortOrder, authentication: author,
    }));
    assert.deepEqual(found.map((p) => [p.total, p.start, p.num, p.results.length, p.nextStart]), [[5, 1, 2, 2, 3], [5, 3, 2, 2, 5], [5, 5, 2, 1, -1]]);
    const titles = found.flatMap((p) => p.results.map((i) => i.title));
    const want = ["Alpine lakes", "Alpine viewer", "Gauges", "Glaciers", "Rivers of the Alps"];
    assert.deepEqual(titles, sortOrder === "asc" ? want : want.reverse());
  }
  const past = await searchItems({ q: `tags:${word}`, start: 50, authentication: author });
  assert.deepEqual([past.total, past.results.length, past.nextStart], [5, 0, -1]);
});

test("a bounding box meets extents", async () => {
  const inside = await searchItems({ q: `tags:${word}`, params: { bbox: "6.1,46.1,6.2,46.2" }, authentication: author });
  assert.deepEqual(inside.results.map((i) => names[i.id]), ["lakes"]);
  const both = await searchItems({ q: `tags:${word}`, params: { bbox: "5,45,10,49" }, authentication: author });
  assert.deepEqual(both.results.map((i) => names[i.id]).sort(), ["lakes", "rivers"]);
});

test("counts group what was found", async () => {
  const answer = await searchItems({ q: `tags:${word}`, countFields: "type,access", countSize: 10, authentication: author });
  const counts = Object.fromEntries(answer.aggregations.counts.map((c) => [
    c.fieldName, Object.fromEntries(c.fieldValues.map((v) => [v.value.toLowerCase(), v.count])),
  ]));
  assert.deepEqual(counts.type, { "web map": 2, "web mapping application": 1, "feature service": 1, csv: 1 });
  assert.deepEqual(counts.access, { private: 5 });
});

test("a filter matches whole keywords", async () => {
  const by = async (filter) => (await searchItems({ q: `tags:${word}`, filter, authentication: author })).results.map((i) => names[i.id]).sort();
  assert.deepEqual(await by(`type:"Web Map"`), ["lakes", "rivers"]);
  assert.deepEqual(await by(`type:"Web"`), []);
});

test("others find what they may see", async () => {
  const seen = async (session) => (await searchItems({ q: `tags:${word}`, ...(session ? { authentication: session } : { portal: rest }) })).total;
  const stranger = await member(admin);
  assert.equal(await seen(stranger), 0);
  assert.equal(await seen(null), 0);
  assert.equal(await seen(admin), 5);
  const pool = unique("wombat");
  const id = await add(`Public ${pool}`, { tags: [pool] });
  await setItemAccess({ id, access: "public", authentication: author });
  const found = await searchItems({ q: pool, portal: rest });
  assert.deepEqual(found.results.map((i) => [i.id, i.access]), [[id, "public"]]);
  assert.equal("protected" in found.results[0], false);
});

test("bad searches are refused with a reason", async () => {
  await refused(searchItems({ q: "", authentication: author }), 400, /q/);
  await refused(searchItems({ q: `tags:${word}`, num: 10, start: 10001, authentication: author }), 400, /10,?000/);
  await assert.rejects(searchItems({ q: `title:(lakes OR`, authentication: author }), { name: "ArcGISRequestError" });
  await assert.rejects(searchItems({ q: `tags:${word}`, params: { bbox: "1,2,x,4" }, authentication: author }), { code: 400 });
  const clamped = await searchItems({ q: `tags:${word}`, num: 1000, authentication: author });
  assert.ok(clamped.num <= 100);
});

test("a long query switches the client to POST", async () => {
  const q = `tags:${word} AND (${Array.from({ length: 90 }, (_, i) => `id:${String(i).padStart(32, "0")}`).join(" OR ")} OR id:${items.app})`;
  assert.ok(q.length > 2000);
  const answer = await searchItems({ q, authentication: author });
  assert.deepEqual(answer.results.map((i) => i.id), [items.app]);
});
