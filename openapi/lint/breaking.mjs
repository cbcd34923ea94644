// The breaking-change gate: inside /api/v1 only additive changes are allowed.
//
//   node breaking.mjs OLD.json NEW.json      compares two files
//   node breaking.mjs --git NEW.json         compares with the last released document, see `base`
//
// Prints every change that can break a client of OLD and exits 1 if there is one that
// breaking-accepted.json (finding → reason) does not name. No kept library does this for
// OpenAPI 3.1: openapi-diff refuses 3.1, api-smart-diff leaves every such change unclassified.
//
// Requests may only become wider (all that was accepted still is), responses only narrower in
// type and wider in members (all that was read is still there).
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const VERBS = ["get", "put", "post", "delete", "patch", "head", "options"];
const DOCUMENT = "openapi/openapi.json";

/** All breaking changes from `before` to `after`, one line each, without repetitions. */
export function breaking(before, after) {
  const findings = new Set();
  const say = (where, what) => findings.add(`${where}: ${what}`);
  const compare = schemaComparer(before, after, say);

  for (const [path, oldItem] of Object.entries(before.paths ?? {})) {
    const newItem = after.paths?.[path];
    if (!newItem) {
      say(path, "path removed");
      continue;
    }
    for (const verb of VERBS) {
      if (!oldItem[verb]) continue;
      const where = `${verb.toUpperCase()} ${path}`;
      if (!newItem[verb]) say(where, "operation removed");
      else operation(where, [before, oldItem, oldItem[verb]], [after, newItem, newItem[verb]], say, compare);
    }
  }
  return [...findings];
}

function operation(where, [before, oldItem, old], [after, newItem, now], say, compare) {
  if (old.operationId !== now.operationId) {
    say(where, `operationId changed from ${old.operationId} to ${now.operationId}`);
  }
  const needs = (doc, op) => {
    const security = op.security ?? doc.security ?? [];
    return security.length > 0 && security.every((s) => Object.keys(s).length > 0);
  };
  if (!needs(before, old) && needs(after, now)) say(where, "now asks for a sign-in");

  const oldParameters = parameters(before, oldItem, old);
  const newParameters = parameters(after, newItem, now);
  for (const [key, p] of oldParameters) {
    const q = newParameters.get(key);
    if (!q) {
      // An unknown query parameter is a 400, so dropping one breaks whoever sends it.
      if (p.in !== "header") say(where, `parameter ${key} removed`);
      continue;
    }
    if (!p.required && q.required) say(where, `parameter ${key} is now required`);
    for (const trait of ["style", "explode"]) {
      if (serialisation(p)[trait] !== serialisation(q)[trait]) say(where, `parameter ${key}: ${trait} changed`);
    }
    compare(`${where} ${key}`, p.schema, q.schema, "request");
  }
  for (const [key, q] of newParameters) {
    if (q.required && !oldParameters.has(key)) say(where, `new required parameter ${key}`);
  }

  const oldBody = deref(before, old.requestBody);
  const newBody = deref(after, now.requestBody);
  if (oldBody && !newBody) say(where, "request body removed");
  if (!oldBody?.required && newBody?.required) say(where, "request body is now required");
  if (oldBody && newBody) {
    for (const [type, media] of Object.entries(oldBody.content ?? {})) {
      if (!newBody.content?.[type]) say(where, `request no longer accepts ${type}`);
      else compare(`${where} request`, media.schema, newBody.content[type].schema, "request");
    }
  }

  for (const [status, oldRef] of Object.entries(old.responses ?? {})) {
    const response = deref(before, oldRef);
    const answer = deref(after, now.responses?.[status]);
    if (!answer) {
      if (/^[23]/.test(status)) say(where, `response ${status} removed`);
      continue;
    }
    for (const [type, media] of Object.entries(response.content ?? {})) {
      if (!answer.content?.[type]) say(where, `response ${status} no longer answers ${type}`);
      else compare(`${where} response ${status}`, media.schema, answer.content[type].schema, "response");
    }
    const headers = new Set(Object.keys(answer.headers ?? {}).map((h) => h.toLowerCase()));
    for (const header of Object.keys(response.headers ?? {})) {
      if (!headers.has(header.toLowerCase())) say(where, `response ${status}: header ${header} removed`);
    }
  }
}

function parameters(doc, item, op) {
  const all = [...(item.parameters ?? []), ...(op.parameters ?? [])].map((p) => deref(doc, p));
  return new Map(all.map((p) => [`${p.in} ${p.in === "header" ? p.name.toLowerCase() : p.name}`, p]));
}

function serialisation(p) {
  const style = p.style ?? (p.in === "query" ? "form" : "simple");
  return { style, explode: p.explode ?? style === "form" };
}

function deref(doc, node) {
  for (let hops = 0; node?.$ref && hops < 50; hops += 1) {
    node = node.$ref
      .replace(/^#\//, "")
      .split("/")
      .reduce((at, key) => at?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], doc);
  }
  return node;
}

/**
 * One shape for all the ways to write a schema: `$ref` followed, `allOf` merged, null set apart
 * (`types` without "null", `nullable`), a union as `variants`, `name` where a `$ref` gives one.
 */
function normal(doc, schema) {
  if (schema === undefined || schema === true) return { any: true };
  if (schema === false) return { never: true };
  const { $ref, allOf, ...own } = schema;
  const parts = [...($ref ? [deref(doc, { $ref })] : []), ...(allOf ?? [])].map((s) => normal(doc, s));
  const name = $ref?.split("/").at(-1);
  const whole = [...parts, shape(doc, own)].reduce((sum, part) => ({
    ...sum,
    ...part,
    types: part.types?.length ? part.types : (sum.types ?? []),
    nullable: Boolean(sum.nullable || part.nullable),
    properties: { ...sum.properties, ...part.properties },
    required: [...new Set([...(sum.required ?? []), ...(part.required ?? [])])],
  }));
  return { ...whole, name: name ?? (parts.length === 0 ? whole.name : undefined) };
}

function shape(doc, own) {
  const union = own.oneOf ?? own.anyOf;
  if (union) {
    const rest = union.filter((s) => s.type !== "null");
    const nullable = rest.length < union.length;
    if (rest.length > 1) return { ...own, nullable, variants: rest };
    const only = normal(doc, rest[0]);
    return { ...only, nullable: nullable || only.nullable };
  }
  const types = [own.type ?? []].flat();
  const implied = own.properties ? ["object"] : own.items ? ["array"] : [];
  const values = own.enum ?? ("const" in own ? [own.const] : undefined);
  const shaped = {
    ...own,
    types: types.length > 0 ? types.filter((t) => t !== "null") : implied,
    nullable: types.includes("null"),
  };
  if (values) shaped.enum = values.filter((v) => v !== null);
  return shaped;
}

const LOWER = ["minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties"];
const UPPER = ["maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties"];
const SAME = ["pattern", "format", "multipleOf", "contentEncoding"];

function schemaComparer(before, after, say) {
  const seen = new Set();
  const ids = new Map();
  const id = (node) => ids.get(node) ?? (ids.set(node, ids.size), ids.get(node));

  return function compare(where, oldSchema, newSchema, direction) {
    const pair = `${id(oldSchema)} ${id(newSchema)} ${direction}`;
    if (seen.has(pair)) return;
    seen.add(pair);
    const a = normal(before, oldSchema);
    const b = normal(after, newSchema);
    // A named schema is compared once per direction, and its findings carry its name.
    if (a.name && b.name) {
      const named = `${a.name} ${b.name} ${a.nullable} ${b.nullable} ${direction}`;
      if (seen.has(named)) return;
      seen.add(named);
      if (a.nullable === b.nullable) where = `${a.name} (${direction})`;
    }
    const request = direction === "request";
    const [outer, inner] = request ? [b, a] : [a, b]; // `inner` must fit into `outer`

    if (a.any && b.any) return;
    if (inner.any && !outer.any) return say(where, request ? "is now typed" : "is no longer typed");
    if (outer.any) return;

    if (a.nullable && !b.nullable && request) say(where, "no longer accepts null");
    if (!a.nullable && b.nullable && !request) say(where, "can now be null");

    if (a.variants || b.variants) return variants(where, a, b, direction, compare);

    const fits = (t) => outer.types.length === 0 || outer.types.includes(t) || (t === "integer" && outer.types.includes("number"));
    if (!inner.types.every(fits) || (inner.types.length === 0 && outer.types.length > 0)) {
      return say(where, `type changed from ${a.types.join("|") || "any"} to ${b.types.join("|") || "any"}`);
    }

    for (const value of a.enum ?? []) {
      if (b.enum && !b.enum.includes(value)) say(where, `enum value ${JSON.stringify(value)} removed`);
    }
    if (request && !a.enum && b.enum) say(where, "is now limited to an enum");
    if (!request && a.enum && !b.enum) say(where, "is no longer limited to its enum");

    if (request) {
      for (const word of LOWER) {
        const least = word === "minimum" || word === "exclusiveMinimum" ? -Infinity : 0;
        if ((b[word] ?? least) > (a[word] ?? least)) say(where, `${word} raised from ${a[word] ?? "none"} to ${b[word]}`);
      }
      for (const word of UPPER) {
        if ((b[word] ?? Infinity) < (a[word] ?? Infinity)) say(where, `${word} lowered from ${a[word] ?? "none"} to ${b[word]}`);
      }
      for (const word of SAME) {
        if (b[word] === undefined || a[word] === b[word] || wider(word, a[word], b[word])) continue;
        say(where, `${word} changed from ${a[word] ?? "none"} to ${b[word]}`);
      }
      if (b.uniqueItems && !a.uniqueItems) say(where, "items must now be unique");
      if (a.additionalProperties !== false && b.additionalProperties === false) say(where, "unknown members are now refused");
    } else if (a.format !== undefined && a.format !== b.format && !wider("format", b.format, a.format)) {
      say(where, `format changed from ${a.format} to ${b.format ?? "none"}`);
    }

    for (const [member, schema] of Object.entries(a.properties ?? {})) {
      if (!(member in (b.properties ?? {}))) say(where, `member ${member} removed`);
      else compare(`${where}.${member}`, schema, b.properties[member], direction);
    }
    const [oldRequired, newRequired] = [a.required ?? [], b.required ?? []];
    if (request) {
      for (const member of newRequired) if (!oldRequired.includes(member)) say(where, `member ${member} is now required`);
    } else {
      for (const member of oldRequired) {
        if (!newRequired.includes(member) && member in (b.properties ?? {})) say(where, `member ${member} is no longer always there`);
      }
    }
    if (a.items || b.items) compare(`${where}[]`, a.items, b.items, direction);
    const [oldMap, newMap] = [a.additionalProperties, b.additionalProperties];
    if (isSchema(oldMap) && isSchema(newMap)) compare(`${where}{}`, oldMap, newMap, direction);
  };

  function variants(where, a, b, direction, compare) {
    const list = (s) => s.variants ?? [s];
    const label = (doc, s) => s.$ref?.split("/").at(-1) ?? s.name ?? s.title ?? JSON.stringify(tag(doc, s) ?? s).slice(0, 80);
    const pair = (doc, other, otherDoc, s) =>
      list(other).find((o) => label(otherDoc, o) === label(doc, s)) ??
      list(other).find((o) => tag(doc, s) && tag(otherDoc, o) === tag(doc, s));
    for (const s of list(a)) {
      const mate = pair(before, b, after, s);
      if (!mate) say(where, `variant ${label(before, s)} removed`);
      else if (a.variants && b.variants) compare(`${where}<${label(before, s)}>`, s, mate, direction);
    }
    if (direction === "response") {
      for (const s of list(b)) if (!pair(after, a, before, s)) say(where, `variant ${label(after, s)} added`);
    }
  }

  /** The fixed value that tells an inline variant from its neighbours. */
  function tag(doc, schema) {
    for (const part of [schema, ...(schema.allOf ?? [])]) {
      for (const [key, child] of Object.entries(deref(doc, part)?.properties ?? {})) {
        const fixed = child.const ?? (child.enum?.length === 1 ? child.enum[0] : undefined);
        if (fixed !== undefined) return `${key}=${fixed}`;
      }
    }
    return undefined;
  }
}

const isSchema = (s) => s !== null && typeof s === "object";

/** int32 → int64 only widens what a request accepts. */
const wider = (word, from, to) => word === "format" && from === "int32" && to === "int64";

function git(...args) {
  return execFileSync("git", args, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
}

function attempt(f) {
  try {
    return f();
  } catch {
    return undefined;
  }
}

/**
 * What clients may rely on: the document at $XIANLU_API_BASE if that is set, else at the newest
 * release (tag v*), else the one committed before the document that is being checked.
 */
function base(now) {
  const ref =
    process.env.XIANLU_API_BASE ||
    attempt(() => git("describe", "--tags", "--abbrev=0", "--match", "v[0-9]*").trim());
  if (ref) return { ref, text: git("show", `${ref}:${DOCUMENT}`) };
  const commits = attempt(() => git("log", "-n", "50", "--format=%H", "--", DOCUMENT)) ?? "";
  for (const commit of commits.split("\n").filter(Boolean)) {
    const text = attempt(() => git("show", `${commit}:${DOCUMENT}`));
    if (text && text !== now) return { ref: commit.slice(0, 12), text };
  }
  return undefined;
}

function main([first, second]) {
  if (!first || !second) {
    console.error("usage: breaking.mjs OLD.json NEW.json | --git NEW.json");
    return 2;
  }
  const now = readFileSync(second, "utf8");
  const old = first === "--git" ? base(now) : { ref: first, text: readFileSync(first, "utf8") };
  if (!old) {
    console.log("breaking changes: no earlier document to compare with");
    return 0;
  }
  const list = join(dirname(fileURLToPath(import.meta.url)), "breaking-accepted.json");
  const accepted = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : {};
  const findings = breaking(JSON.parse(old.text), JSON.parse(now));
  const refused = findings.filter((f) => !accepted[f]);
  refused.forEach((f) => console.error(`breaking: ${f}`));
  console.log(
    `breaking changes since ${old.ref}: ${refused.length}` +
      (findings.length > refused.length ? ` (and ${findings.length - refused.length} accepted)` : ""),
  );
  if (refused.length > 0) {
    console.error("Keep the old form beside the new one, or name the finding and the reason in openapi/lint/breaking-accepted.json.");
  }
  return refused.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(main(process.argv.slice(2)));
