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

/** What the services write into the log: every `noun.verb` in a source that makes audit facts. */
function written(): string[] {
  const files = ["identity", "residents", "billing"].flatMap(service => {
    const source = path.join(SERVICES, service, "src");
    return readdirSync(source, { recursive: true, encoding: "utf8" })
      .filter(name => name.endsWith(".rs") && !/tests?\.rs$/.test(name))
      .map(name => readFileSync(path.join(source, name), "utf8"));
  });
  const facts = files.filter(text => /AuditFact|audit\(/.test(text));
  const words = facts.flatMap(text => text.match(/"[a-z_]+\.[a-z_]+"/g) ?? []);
  return [...new Set(words.map(word => word.slice(1, -1)))];
}

test("every act in the log has a name", () => {
  const known = new Set([...dotted(audit.zh.actions), ...dotted(rights.zh)]);
  const acts = written();
  expect(acts.length).toBeGreaterThan(40);
  expect(acts.filter(act => !known.has(act))).toEqual([]);
});
