// Runs the GraphQL over HTTP server audits against the URL given; fails unless every one passes.
//   npm install --no-package-lock && node audit.mjs http://127.0.0.1:8080/graphql
import { auditServer } from "graphql-http";

const url = process.argv[2];
if (!url) {
  console.error("usage: node audit.mjs <graphql-url>");
  process.exit(2);
}
const results = await auditServer({ url });
const failed = results.filter((result) => result.status !== "ok");
for (const { id, name, status, reason } of failed) console.error(`${status} ${id} ${name}: ${reason}`);
console.log(`${results.length - failed.length} of ${results.length} audits pass`);
process.exit(results.length > 0 && failed.length === 0 ? 0 : 1);
