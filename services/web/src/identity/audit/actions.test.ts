import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import rights from "../rights/texts";
import audit from "./texts";

const SERVICES = fileURLToPath(new URL("../../../..", import.meta.url));

type Named = Record<string, Record<string, string>>;

function dotted(of: Named): string[] {
  return Object.entries(of).flatMap(([noun, verbs]) =>
    Object.keys(verbs).map(verb => `${noun}.${verb}`),
  );
}

/** How the name of something done ends; what else has a dot in it ends otherwise. */
const DONE =
  /"[a-z_]+\.([a-z_]{2,}(ed|en)|[a-z_]*(set|held|sent|done|drawn|found|kept|begun|back|out|for|hand))"/g;

/** What the services write into the log: every `noun.verb` in their sources that says what was done. */
function written(): string[] {
  const files = ["identity", "residents", "billing", "service-desk"].flatMap(service => {
    const source = path.join(SERVICES, service, "src");
    return readdirSync(source, { recursive: true, encoding: "utf8" })
      .filter(name => name.endsWith(".rs") && !/tests?[./]/.test(name))
      .map(name => readFileSync(path.join(source, name), "utf8"));
  });
  const words = files.flatMap(text => text.match(DONE) ?? []);
  return [...new Set(words.map(word => word.slice(1, -1)))];
}

test("every act in the log has a name", () => {
  const known = new Set([...dotted(audit.zh.actions), ...dotted(rights.zh)]);
  const acts = written();
  expect(acts.length).toBeGreaterThan(200);
  expect(acts.filter(act => !known.has(act))).toEqual([]);
});
