import { CombinedError } from "@urql/core";
import { GraphQLError } from "graphql";
import { expect, test } from "vitest";
import { failureOf, readFailure } from "./failure";

const refused = (message: string, extensions: Record<string, unknown>) =>
  failureOf(new CombinedError({ graphQLErrors: [new GraphQLError(message, { extensions })] }));

test("a wrong input keeps its field and the server's sentence", () => {
  const failure = refused("rate: must be above 0", { code: "INVALID", field: "rate" });
  expect(failure).toMatchObject({
    code: "INVALID",
    field: "rate",
    message: "rate: must be above 0",
  });
});

test("what is not for people gets our own sentence", () => {
  expect(refused("not found", { code: "NOT_FOUND" })).toMatchObject({ code: "NOT_FOUND" });
  expect(refused("not found", { code: "NOT_FOUND" })?.message).toBeUndefined();
  expect(refused("boom", { code: "SOMETHING_NEW" })?.code).toBe("INTERNAL");
});

test("a network that is away is no defect", () => {
  expect(failureOf(new CombinedError({ networkError: new Error("down") }))?.code).toBe("OFFLINE");
});

test("the routes beside the graph speak the same language", async () => {
  const error = { code: "RATE_LIMITED", message: "too many attempts", retryAfterSeconds: 30 };
  const response = Response.json({ error }, { status: 429 });
  expect(await readFailure(response)).toMatchObject({
    code: "RATE_LIMITED",
    retryAfterSeconds: 30,
  });
  expect((await readFailure(new Response("<html>", { status: 502 }))).code).toBe("UNAVAILABLE");
  expect((await readFailure(undefined)).code).toBe("OFFLINE");
});
