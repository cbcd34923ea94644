// The project's own checks of the OpenAPI document, for what a JSON path cannot say exactly.
// `functionOptions.check` of a rule in ../.spectral.yaml names one of CHECKS below. Every check
// sees the document as written (not resolved), so a finding points at the line that is wrong.

const VERBS = ["get", "put", "post", "delete", "patch", "head", "options", "trace"];
const PROBLEM = "application/problem+json";

/** Follows `$ref`s inside the document. */
function deref(doc, node) {
  for (let hops = 0; node && typeof node.$ref === "string" && hops < 50; hops += 1) {
    if (!node.$ref.startsWith("#/")) return undefined;
    node = node.$ref
      .slice(2)
      .split("/")
      .reduce((at, key) => at?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], doc);
  }
  return node;
}

function* operations(doc) {
  for (const [path, item] of Object.entries(doc.paths ?? {})) {
    for (const verb of VERBS) {
      if (item?.[verb]) yield { op: item[verb], item, verb, at: ["paths", path, verb] };
    }
  }
}

function* parametersOf(doc, item, op, at) {
  for (const [i, p] of (item.parameters ?? []).entries()) {
    yield { parameter: deref(doc, p), at: [...at.slice(0, 2), "parameters", i] };
  }
  for (const [i, p] of (op.parameters ?? []).entries()) {
    yield { parameter: deref(doc, p), at: [...at, "parameters", i] };
  }
}

/** Every schema that the document writes down, with the name that it goes by. */
function* schemas(doc) {
  const components = doc.components ?? {};
  const rooms = [];
  for (const [name, schema] of Object.entries(components.schemas ?? {})) {
    yield* within(schema, name, ["components", "schemas", name]);
  }
  for (const room of ["parameters", "headers"]) {
    for (const [name, holder] of Object.entries(components[room] ?? {})) {
      rooms.push([holder, holder?.name ?? name, ["components", room, name]]);
    }
  }
  for (const room of ["requestBodies", "responses"]) {
    for (const [name, holder] of Object.entries(components[room] ?? {})) {
      rooms.push([holder, name, ["components", room, name]]);
    }
  }
  for (const [path, item] of Object.entries(doc.paths ?? {})) {
    for (const [i, p] of (item?.parameters ?? []).entries()) {
      rooms.push([p, p?.name, ["paths", path, "parameters", i]]);
    }
  }
  for (const { op, at } of operations(doc)) {
    for (const [i, p] of (op.parameters ?? []).entries()) {
      rooms.push([p, p?.name, [...at, "parameters", i]]);
    }
    rooms.push([op.requestBody, "requestBody", [...at, "requestBody"]]);
    for (const [status, response] of Object.entries(op.responses ?? {})) {
      rooms.push([response, `response ${status}`, [...at, "responses", status]]);
    }
  }
  for (const [holder, name, at] of rooms) yield* held(holder, name, at);
}

function* held(holder, name, at) {
  if (!holder || holder.$ref) return;
  if (holder.schema) yield* within(holder.schema, name, [...at, "schema"]);
  for (const [type, media] of Object.entries(holder.content ?? {})) {
    if (media?.schema) yield* within(media.schema, name, [...at, "content", type, "schema"]);
  }
  for (const [header, h] of Object.entries(holder.headers ?? {})) {
    if (h?.schema) yield* within(h.schema, header, [...at, "headers", header, "schema"]);
  }
}

function* within(schema, name, at) {
  if (!schema || typeof schema !== "object" || schema.$ref) return;
  yield { schema, name, at };
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    yield* within(child, key, [...at, "properties", key]);
  }
  for (const list of ["allOf", "anyOf", "oneOf", "prefixItems"]) {
    for (const [i, child] of (schema[list] ?? []).entries()) {
      yield* within(child, name, [...at, list, i]);
    }
  }
  for (const one of ["items", "additionalProperties", "not", "contains"]) {
    yield* within(schema[one], name, [...at, one]);
  }
}

/** The member names of a schema, through `$ref` and `allOf`. */
function members(doc, schema, seen = new Set()) {
  const found = deref(doc, schema);
  if (!found || seen.has(found)) return { names: new Set(), required: new Set() };
  seen.add(found);
  const names = new Set(Object.keys(found.properties ?? {}));
  const required = new Set(found.required ?? []);
  for (const part of found.allOf ?? []) {
    const inner = members(doc, part, seen);
    inner.names.forEach((n) => names.add(n));
    inner.required.forEach((n) => required.add(n));
  }
  return { names, required };
}

const CHECKS = {
  *"property-names"(doc, { pattern }) {
    for (const { schema, at } of schemas(doc)) {
      for (const key of Object.keys(schema.properties ?? {})) {
        if (!new RegExp(pattern).test(key)) {
          yield { message: `the member "${key}" is not snake_case`, path: [...at, "properties", key] };
        }
      }
    }
  },

  *"parameter-names"(doc, { pattern }) {
    for (const { op, item, at } of operations(doc)) {
      for (const { parameter, at: where } of parametersOf(doc, item, op, at)) {
        if (!["query", "path"].includes(parameter?.in)) continue;
        if (!new RegExp(pattern).test(parameter.name)) {
          yield { message: `the ${parameter.in} parameter "${parameter.name}" is not snake_case`, path: where };
        }
      }
    }
  },

  *"enum-values"(doc, { pattern, except = [] }) {
    for (const { schema, name, at } of schemas(doc)) {
      if (except.includes(name)) continue;
      const values = [
        ...(schema.enum ?? []).map((value, i) => [value, [...at, "enum", i]]),
        ...("const" in schema ? [[schema.const, [...at, "const"]]] : []),
      ];
      for (const [value, path] of values) {
        if (typeof value === "string" && !new RegExp(pattern).test(value)) {
          yield { message: `the enum value "${value}" of "${name}" is not UPPER_SNAKE`, path };
        }
      }
    }
  },

  *"success-documented"(doc) {
    for (const { op, at } of operations(doc)) {
      if (!Object.keys(op.responses ?? {}).some((status) => /^2(\d\d|XX)$/.test(status))) {
        yield { message: "no 2xx response is documented", path: [...at, "responses"] };
      }
    }
  },

  *"unauthorised-documented"(doc) {
    for (const { op, at } of operations(doc)) {
      const security = op.security ?? doc.security ?? [];
      const open = security.length === 0 || security.some((s) => Object.keys(s).length === 0);
      if (!open && !op.responses?.["401"]) {
        yield { message: "asks for a sign-in, yet documents no 401", path: [...at, "responses"] };
      }
    }
  },

  *"security-stated"(doc) {
    for (const { op, at } of operations(doc)) {
      if (!op.security && !doc.security) {
        yield { message: "says neither who may call it nor `security: []`", path: at };
      }
    }
  },

  *"problem-json"(doc) {
    for (const { op, at } of operations(doc)) {
      for (const [status, response] of Object.entries(op.responses ?? {})) {
        if (!/^[45]/.test(status)) continue;
        const types = Object.keys(deref(doc, response)?.content ?? {});
        if (types.length !== 1 || types[0] !== PROBLEM) {
          const got = types.length ? types.join(", ") : "no content";
          yield { message: `${status} answers with ${got} instead of ${PROBLEM}`, path: [...at, "responses", status] };
        }
      }
    }
  },

  *"total-on-request"(doc) {
    for (const { op, item, at } of operations(doc)) {
      const asked = [...parametersOf(doc, item, op, at)].some(
        ({ parameter }) => parameter?.in === "query" && parameter.name === "include_total",
      );
      for (const [status, response] of Object.entries(op.responses ?? {})) {
        const schema = deref(doc, response)?.content?.["application/json"]?.schema;
        const { names, required } = members(doc, schema);
        if (!names.has("items") || !names.has("total")) continue;
        const path = [...at, "responses", status];
        if (!asked) yield { message: "answers `total` without an `include_total` parameter", path };
        if (required.has("total")) yield { message: "`total` is required, yet is only there on request", path };
      }
    }
  },

  *"list-paging"(doc) {
    for (const { op, item, verb, at } of operations(doc)) {
      if (verb !== "get") continue;
      const schema = deref(doc, op.responses?.["200"])?.content?.["application/json"]?.schema;
      const { names } = members(doc, schema);
      if (!names.has("next_cursor")) continue;
      const query = [...parametersOf(doc, item, op, at)]
        .filter(({ parameter }) => parameter?.in === "query")
        .map(({ parameter }) => parameter.name);
      for (const name of ["limit", "cursor"]) {
        if (!query.includes(name)) yield { message: `a paged list without the parameter "${name}"`, path: at };
      }
      if (!names.has("items")) yield { message: "a paged list without `items`", path: at };
    }
  },
};

export default function contract(doc, options) {
  return [...CHECKS[options.check](doc, options)];
}
