// What breaks a client, and what does not.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { breaking } from "../breaking.mjs";

const sound = readFileSync(new URL("sound.json", import.meta.url), "utf8");
const customers = "/api/v1/customers";
const list = (d) => d.paths[customers].get;
const create = (d) => d.paths[customers].post;
const one = (d) => d.paths[`${customers}/{id}`];
const schema = (d, name) => d.components.schemas[name];
const drop = (array, value) => array.splice(array.indexOf(value), 1);

function changed(change, from = JSON.parse(sound)) {
  const after = structuredClone(from);
  change(after);
  return breaking(from, after);
}

const BREAKS = [
  ["a removed path", (d) => delete d.paths[customers], [`${customers}: path removed`]],
  ["a removed operation", (d) => delete one(d).delete, [`DELETE ${customers}/{id}: operation removed`]],
  ["a renamed operation", (d) => (list(d).operationId = "customers"), [`GET ${customers}: operationId changed from listCustomers to customers`]],
  ["an open operation that now asks for a sign-in", (d) => delete d.paths["/api/v1/auth/login"].post.security, ["POST /api/v1/auth/login: now asks for a sign-in"]],
  ["a removed query parameter", (d) => list(d).parameters.splice(4, 1), [`GET ${customers}: parameter query sort removed`]],
  ["a new required parameter", (d) => list(d).parameters.push({ name: "q", in: "query", required: true, schema: { type: "string" } }), [`GET ${customers}: new required parameter query q`]],
  ["a parameter that is now required", (d) => (list(d).parameters[1].required = true), [`GET ${customers}: parameter query cursor is now required`]],
  ["a parameter's enum value removed", (d) => list(d).parameters[4].schema.enum.pop(), [`GET ${customers} query sort: enum value "-updated_at" removed`]],
  ["a lowered maximum", (d) => (list(d).parameters[0].schema.maximum = 100), [`GET ${customers} query limit: maximum lowered from 200 to 100`]],
  ["a changed list style", (d) => (list(d).parameters[2].explode = true), [`GET ${customers}: parameter query stage_in: explode changed`]],
  ["a member newly required in a request", (d) => schema(d, "CustomerCreate").required.push("credit_limit"), ["CustomerCreate (request): member credit_limit is now required"]],
  ["a member removed from a request", (d) => delete schema(d, "CustomerPatch").properties.stage, ["CustomerPatch (request): member stage removed"]],
  ["null no longer accepted", (d) => (schema(d, "CustomerCreate").properties.credit_limit = { $ref: "#/components/schemas/Money" }), ["CustomerCreate (request).credit_limit: no longer accepts null"]],
  ["a shorter text", (d) => (schema(d, "CustomerCreate").properties.name.maxLength = 40), ["CustomerCreate (request).name: maxLength lowered from 50 to 40"]],
  ["a longer least text", (d) => (schema(d, "CustomerCreate").properties.name.minLength = 2), ["CustomerCreate (request).name: minLength raised from 1 to 2"]],
  ["another pattern", (d) => (schema(d, "CustomerCreate").properties.name.pattern = "^[A-Z]"), ["CustomerCreate (request).name: pattern changed from ^\\S to ^[A-Z]"]],
  ["a request media type removed", (d) => { const c = create(d).requestBody.content; c["text/csv"] = c["application/json"]; delete c["application/json"]; }, [`POST ${customers}: request no longer accepts application/json`]],
  ["a member removed from a response", (d) => { delete schema(d, "CustomerView").properties.owner_name; drop(schema(d, "CustomerView").required, "owner_name"); }, ["CustomerView (response): member owner_name removed"]],
  ["a member no longer always in a response", (d) => drop(schema(d, "CustomerView").required, "version"), ["CustomerView (response): member version is no longer always there"]],
  ["a response member that can now be null", (d) => (schema(d, "CustomerView").properties.name.type = ["string", "null"]), ["CustomerView (response).name: can now be null"]],
  ["a response member of another type", (d) => (schema(d, "CustomerView").properties.version = { type: "string" }), ["CustomerView (response).version: type changed from integer to string"]],
  ["a member of a nested list", (d) => (schema(d, "CustomerView").properties.allowed_actions.items = { type: "string" }), ["CustomerView (response).allowed_actions[]: is no longer limited to its enum"]],
  ["an enum value removed, in both directions", (d) => schema(d, "Stage").enum.pop(), ['Stage (request): enum value "LOST" removed', 'Stage (response): enum value "LOST" removed']],
  ["a removed success status", (d) => { create(d).responses["202"] = create(d).responses["201"]; delete create(d).responses["201"]; }, [`POST ${customers}: response 201 removed`]],
  ["a removed response header", (d) => delete one(d).get.responses["200"].headers.ETag, [`GET ${customers}/{id}: response 200: header ETag removed`]],
  ["a removed member behind allOf", (d) => { schema(d, "CustomerPage").allOf = [{ properties: { next_cursor: { type: ["string", "null"] } } }]; schema(d, "CustomerPage").properties = { next_cursor: { type: ["string", "null"] }, total: { type: "integer", format: "int64" } }; drop(schema(d, "CustomerPage").required, "items"); }, ["CustomerPage (response): member items removed"]],
];

const KEEPS = [
  ["nothing at all", () => {}],
  ["a new path", (d) => (d.paths["/api/v1/contacts"] = d.paths[customers])],
  ["a new operation", (d) => (one(d).put = one(d).patch)],
  ["a new optional parameter", (d) => list(d).parameters.push({ name: "q", in: "query", schema: { type: "string" } })],
  ["a new optional member of a request", (d) => (schema(d, "CustomerCreate").properties.note = { type: "string" })],
  ["a new member of a response", (d) => { schema(d, "CustomerView").properties.note = { type: "string" }; schema(d, "CustomerView").required.push("note"); }],
  ["a new enum value", (d) => schema(d, "Stage").enum.push("NEW")],
  ["a new error status", (d) => (list(d).responses["429"] = list(d).responses["400"])],
  ["a member no longer required in a request", (d) => drop(schema(d, "CustomerCreate").required, "stage")],
  ["a longer text", (d) => (schema(d, "CustomerCreate").properties.name.maxLength = 80)],
  ["another wording", (d) => (list(d).description = "Other.")],
  ["null written the other way", (d) => (schema(d, "CustomerView").properties.owner_name = { oneOf: [{ type: "null" }, { type: "string" }] })],
  ["a schema under another name", (d) => { d.components.schemas.Grade = schema(d, "Stage"); schema(d, "CustomerView").properties.stage = { $ref: "#/components/schemas/Grade" }; }],
  ["members moved behind allOf", (d) => { const s = schema(d, "CustomerView"); d.components.schemas.Base = { type: "object", required: ["id"], properties: { id: s.properties.id } }; delete s.properties.id; drop(s.required, "id"); s.allOf = [{ $ref: "#/components/schemas/Base" }]; }],
  ["a response member that is never null any more", (d) => (schema(d, "CustomerView").properties.owner_name = { type: "string" })],
];

for (const [name, change, findings] of BREAKS) {
  test(`${name} breaks`, () => assert.deepEqual(changed(change), findings));
}

for (const [name, change] of KEEPS) {
  test(`${name} keeps`, () => assert.deepEqual(changed(change), []));
}

test("variants of a response may not be added, of a request not removed", () => {
  const from = JSON.parse(sound);
  from.components.schemas.Event = {
    oneOf: [
      { type: "object", required: ["kind"], properties: { kind: { type: "string", enum: ["CREATED"] } } },
      { type: "object", required: ["kind"], properties: { kind: { type: "string", enum: ["DELETED"] } } },
    ],
  };
  const event = { $ref: "#/components/schemas/Event" };
  from.components.schemas.CustomerView.properties.event = event;
  from.components.schemas.CustomerPatch.properties.event = event;
  assert.deepEqual(changed(() => {}, from), []);
  assert.deepEqual(changed((d) => schema(d, "Event").oneOf.pop(), from), [
    'Event (response): variant "kind=DELETED" removed',
    'Event (request): variant "kind=DELETED" removed',
  ]);
  const added = { type: "object", required: ["kind"], properties: { kind: { type: "string", enum: ["MOVED"] } } };
  assert.deepEqual(changed((d) => schema(d, "Event").oneOf.push(added), from), [
    'Event (response): variant "kind=MOVED" added',
  ]);
});

test("a schema that contains itself is compared to its end", () => {
  const from = JSON.parse(sound);
  const parent = { oneOf: [{ type: "null" }, { $ref: "#/components/schemas/CustomerView" }] };
  from.components.schemas.CustomerView.properties.parent = parent;
  assert.deepEqual(changed((d) => delete schema(d, "CustomerView").properties.name, from), [
    "CustomerView (response): member name removed",
  ]);
});

test("two schemas upon one base are compared each for itself", () => {
  const from = JSON.parse(sound);
  const upon = (member) => ({
    allOf: [{ $ref: "#/components/schemas/Money" }, { type: "object", properties: { [member]: { type: "string" } } }],
  });
  const properties = from.components.schemas.CustomerView.properties;
  properties.gross = upon("tax");
  properties.net = upon("fee");
  const gone = (d) => delete schema(d, "CustomerView").properties.net.allOf[1].properties.fee;
  assert.deepEqual(changed(gone, from), ["CustomerView (response).net: member fee removed"]);
});
