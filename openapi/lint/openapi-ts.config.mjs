// The TypeScript client: one function per operation, named by its operationId, with the fetch
// client that it needs written beside it (the result has no dependency).
// `make client` and `make check` say where to read and where to write.
import { resolve } from "node:path";

export default {
  // Absolute, for "a/b" would be taken for the name of a document at the generator's own service.
  input: resolve(process.env.OPENAPI_DOCUMENT ?? "openapi/openapi.json"),
  output: {
    path: resolve(process.env.OPENAPI_CLIENT ?? "clients/typescript/src"),
    importFileExtension: ".js",
    postProcess: [],
  },
  plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
  logs: { file: false },
};
