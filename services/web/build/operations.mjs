// Types the operations in `src/**/*.graphql` from the composed graph. The result is never
// committed: whoever builds, checks or tests makes it first.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { codegen } from "@graphql-codegen/core";
import * as typedDocuments from "@graphql-codegen/typed-document-node";
import * as operations from "@graphql-codegen/typescript-operations";
import { buildSchema, isObjectType, parse, Source, validate } from "graphql";

const graph = await readFile(new URL("../../gateway/supergraph.graphql", import.meta.url), "utf8");
const schema = buildSchema(graph, { assumeValidSDL: true });
const source = new URL("../src/", import.meta.url);
const names = await readdir(source, { recursive: true });
const documents = await Promise.all(
  names
    .filter(name => name.endsWith(".graphql"))
    .sort()
    .map(async location => {
      const text = await readFile(new URL(location, source), "utf8");
      return { location, document: parse(new Source(text, location)) };
    }),
);
const all = {
  kind: "Document",
  definitions: documents.flatMap(({ document }) => document.definitions),
};
const wrong = validate(schema, all);
if (wrong.length > 0) {
  process.stderr.write(`${wrong.map(String).join("\n\n")}\n`);
  process.exit(1);
}

const scalars = { DateTime: "string", NaiveDate: "string", Decimal: "string" };
const texts = { ...scalars, Area: "string", Rate: "string", ID: "string" };
const typed = await codegen({
  schema: parse(graph),
  schemaAst: schema,
  documents,
  config: {},
  pluginMap: { operations, typedDocuments },
  plugins: [
    {
      operations: {
        scalars: texts,
        enumType: "string-literal",
        enumsAsTypes: true,
        skipTypename: false,
        nonOptionalTypename: false,
        useTypeImports: true,
      },
    },
    { typedDocuments: { useTypeImports: true, documentMode: "documentNode" } },
  ],
  filename: "generated.ts",
  skipDocumentsValidation: true,
});

/** What has no `id` is part of its parent for the cache. */
const keyless = Object.values(schema.getTypeMap())
  .filter(type => isObjectType(type) && !type.name.startsWith("__") && !type.getFields().id)
  .map(type => type.name);

const note = "// Made by build/operations.mjs; not committed.\n";
const target = new URL("graph/", source);
const write = async (name, text) => {
  const file = new URL(name, target);
  const before = await readFile(file, "utf8").catch(() => "");
  if (before !== note + text) await writeFile(file, note + text);
};
await write("generated.ts", typed);
const mutations = Object.keys(schema.getMutationType().getFields());
const list = (name, values) => `export const ${name}: string[] = ${JSON.stringify(values)};\n`;
await write("shape.ts", list("KEYLESS", keyless) + list("MUTATIONS", mutations));
