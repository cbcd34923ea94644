// Each of our Spectral rules finds the defect that was seeded for it, and finds nothing in a sound
// document. The linter runs once over all the variants.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const lint = dirname(here);
const sound = readFileSync(join(here, "sound.json"), "utf8");

const list = (d) => d.paths["/api/v1/customers"].get;
const schemas = (d) => d.components.schemas;
function move(object, from, to) {
  object[to] = object[from];
  delete object[from];
}

/** rule → the defects that it must find, each alone in an otherwise sound document */
const SEEDED = {
  "xianlu-path-kebab-case": [
    (d) => move(d.paths, "/api/v1/customers", "/api/v1/customer_pool"),
    (d) => move(d.paths, "/api/v1/customers", "/api/v1/customers/"),
    (d) => move(d.paths, "/api/v1/customers", "/api/v1/customerPool"),
  ],
  "xianlu-parameter-snake-case": [
    (d) => void (list(d).parameters[2].name = "stageIn"),
    (d) => {
      d.components.parameters = { Stage: { ...list(d).parameters[2], name: "stage-in" } };
      list(d).parameters[2] = { $ref: "#/components/parameters/Stage" };
    },
  ],
  "xianlu-property-snake-case": [
    (d) => move(schemas(d).CustomerPatch.properties, "credit_limit", "creditLimit"),
    (d) => void (schemas(d).CustomerPage.properties.items = {
      type: "array",
      items: { type: "object", properties: { OwnerId: { type: "string" } } },
    }),
  ],
  "xianlu-enum-upper-snake": [
    (d) => schemas(d).Stage.enum.push("won"),
    (d) => void (schemas(d).CustomerView.properties.allowed_actions.items.enum = ["Submit"]),
    (d) => void (list(d).parameters[1].schema = { type: "string", enum: ["first-page"] }),
  ],
  "xianlu-operation-id-camel-case": [
    (d) => void (list(d).operationId = "list_customers"),
    (d) => void (list(d).operationId = "ListCustomers"),
    (d) => void delete list(d).operationId,
  ],
  "xianlu-operation-summary": [(d) => void delete list(d).summary],
  "xianlu-operation-description": [(d) => void (list(d).description = "")],
  "xianlu-operation-tags": [(d) => void delete list(d).tags, (d) => void (list(d).tags = [])],
  "xianlu-success-documented": [(d) => void delete list(d).responses["200"]],
  "xianlu-unauthorised-documented": [(d) => void delete list(d).responses["401"]],
  "xianlu-security-stated": [(d) => void delete d.security],
  "xianlu-problem-json": [
    (d) => move(list(d).responses["400"].content, "application/problem+json", "application/json"),
    (d) => void delete list(d).responses["403"].content,
  ],
  "xianlu-total-on-request": [
    (d) => void list(d).parameters.splice(3, 1),
    (d) => schemas(d).CustomerPage.required.push("total"),
  ],
  "xianlu-list-paging": [(d) => void list(d).parameters.splice(0, 1)],
};

let findings;
let dir;

before(() => {
  dir = mkdtempSync(join(tmpdir(), "xianlu-spectral-"));
  const files = [join(dir, "sound.json")];
  writeFileSync(files[0], sound);
  for (const [rule, defects] of Object.entries(SEEDED)) {
    defects.forEach((seed, i) => {
      const doc = JSON.parse(sound);
      seed(doc);
      files.push(join(dir, `${rule}.${i}.json`));
      writeFileSync(files.at(-1), JSON.stringify(doc));
    });
  }
  const run = spawnSync(
    process.execPath,
    [
      join(lint, "node_modules/@stoplight/spectral-cli/dist/index.js"),
      ...["lint", "-q", "-f", "json", "-r", join(lint, ".spectral.yaml"), "--fail-severity=hint"],
      ...files,
    ],
    { encoding: "utf8", maxBuffer: 1 << 28 },
  );
  assert.equal(run.status, 1, run.stderr);
  findings = JSON.parse(run.stdout);
});

after(() => rmSync(dir, { recursive: true, force: true }));

const found = (file) =>
  findings.filter((f) => basename(f.source) === file).map((f) => `${f.code}: ${f.message}`);

test("a sound document has no finding", () => {
  assert.deepEqual(found("sound.json"), []);
});

for (const [rule, defects] of Object.entries(SEEDED)) {
  defects.forEach((_, i) => {
    test(`${rule} finds seeded defect ${i + 1}`, () => {
      const codes = found(`${rule}.${i}.json`);
      assert.ok(codes.some((c) => c.startsWith(`${rule}: `)), `found only: ${codes.join("\n")}`);
    });
  });
}

test("every rule of the project has a seeded defect", () => {
  const rules = [...readFileSync(join(lint, ".spectral.yaml"), "utf8").matchAll(/^ {2}(xianlu-[a-z-]+):$/gm)];
  assert.deepEqual(rules.map((m) => m[1]).sort(), Object.keys(SEEDED).sort());
});
