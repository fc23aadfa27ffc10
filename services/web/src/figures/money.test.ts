import { expect, test } from "vitest";
import { fromMinor, money, parseAmount, sign, sum, toMinor } from "./money";

const cny = (amount: string) => ({ amount, currency: "CNY" });

test("an amount is shown with its currency, groups and a real minus", () => {
  expect(money(cny("214870.98"), "zh")).toBe("¥214,870.98");
  expect(money(cny("-5"), "en")).toBe("−¥5.00");
});

test("an amount beyond what a float holds keeps every fen", () => {
  expect(money(cny("90071992547409.93"), "zh")).toBe("¥90,071,992,547,409.93");
  expect(sum([cny("90071992547409.93"), cny("0.01")], "CNY")).toEqual(cny("90071992547409.94"));
});

test("minor units go there and back", () => {
  for (const amount of ["0.00", "0.05", "278.62", "-1.10"]) {
    expect(fromMinor(toMinor(cny(amount)), "CNY")).toEqual(cny(amount));
  }
  expect(toMinor({ amount: "120", currency: "JPY" })).toBe(120n);
  expect(fromMinor(120n, "JPY").amount).toBe("120");
});

test("what people type becomes an amount, or none", () => {
  expect(parseAmount("1,234.5", "CNY")).toBe("1234.50");
  expect(parseAmount("¥ 278.62", "CNY")).toBe("278.62");
  expect(parseAmount("１2", "CNY")).toBeUndefined();
  for (const typed of ["", "abc", "1.234", "1.2.3", "--1"]) {
    expect(parseAmount(typed, "CNY"), typed).toBeUndefined();
  }
});

test("the sign of an amount is that of its minor units", () => {
  expect([sign(cny("0.00")), sign(cny("-0.01")), sign(cny("0.01"))]).toEqual([0, -1, 1]);
});
