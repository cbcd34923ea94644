// Every operationId of the document is a function of the generated client, under that very name.
// usage: node client-methods.mjs <openapi.json> <client's src folder>
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [document, client] = process.argv.slice(2);
const { paths = {} } = JSON.parse(readFileSync(document, "utf8"));
const wanted = Object.values(paths)
  .flatMap((item) => ["get", "put", "post", "delete", "patch"].map((verb) => item[verb]?.operationId))
  .filter(Boolean);
const sdk = readFileSync(join(client, "sdk.gen.ts"), "utf8");
const have = new Set([...sdk.matchAll(/^export const (\w+) = </gm)].map((m) => m[1]));
const missing = wanted.filter((name) => !have.has(name));
if (missing.length > 0 || wanted.length === 0) {
  console.error(`the TypeScript client lacks ${missing.length} of ${wanted.length} operations: ${missing.join(", ")}`);
  process.exit(1);
}
console.log(`the TypeScript client has all ${wanted.length} operations`);
