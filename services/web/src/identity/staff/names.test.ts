import { expect, test } from "vitest";
import { Names } from "./names";

function asked() {
  const requests: string[][] = [];
  let works = true;
  const names = new Names(async ids => {
    requests.push([...ids]);
    if (!works) throw new Error("no answer");
    return new Map(ids.filter(id => id !== "nobody").map(id => [id, `name of ${id}`]));
  });
  return { names, requests, breaks: (broken: boolean) => (works = !broken) };
}

test("names asked for in one turn come in one request, each once", async () => {
  const { names, requests } = asked();
  const all = await Promise.all(["a", "b", "a", "nobody"].map(id => names.of(id)));
  expect(all).toEqual(["name of a", "name of b", "name of a", undefined]);
  expect(await names.of("b")).toBe("name of b");
  expect(requests).toEqual([["a", "b", "nobody"]]);
});

test("more than the graph names at once come in several requests", async () => {
  const { names, requests } = asked();
  await Promise.all(Array.from({ length: 150 }, (_, n) => names.of(`${n}`)));
  expect(requests.map(({ length }) => length)).toEqual([100, 50]);
});

test("a request that failed is made again", async () => {
  const { names, requests, breaks } = asked();
  breaks(true);
  expect(await names.of("a")).toBeUndefined();
  breaks(false);
  expect(await names.of("a")).toBe("name of a");
  expect(requests).toEqual([["a"], ["a"]]);
});
