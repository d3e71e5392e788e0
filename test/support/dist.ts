import { pathToFileURL } from "node:url";
import { join, resolve } from "node:path";

/** Where the built program is, for tests that need a process of their own. `CASEBOOK_DIST` names another build of the same source. */
export const distFile = (path: string): string => join(resolve(process.env["CASEBOOK_DIST"] ?? join(import.meta.dirname, "../../dist")), path);
export const distUrl = (path: string): string => pathToFileURL(distFile(path)).href;
