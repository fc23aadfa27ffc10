import { Colleague } from "../support/api.ts";
import { expect, test } from "../support/test.ts";
import type { Visitor } from "../support/visitor.ts";
import type { Words } from "../support/words.ts";

const HOMES = {
  zh: { unit: "S-01", person: "孙总" },
  en: { unit: "2-1-0502", person: "刘阿姨" },
};

const OWN_PASSWORD = "a garden by the lake";

/** What the fake provider's page calls its ways to pay and to stop. */
const HOSTED = {
  zh: { wechat: "微信支付", decline: "模拟支付失败", cancel: "取消" },
  en: { wechat: "WeChat Pay", decline: "Simulate a decline", cancel: "Cancel" },
};

/** The front desk makes the code, as it is read to the resident. */
async function invite(desk: Visitor, unit: string): Promise<string> {
  const { household, search } = desk.words;
  await desk.go("/e/FCH");
  await expect(desk.title(search.title)).toBeVisible();
  await desk.page.keyboard.press("/");
  await desk.page.keyboard.type(unit);
  await desk.page.getByRole("option").filter({ hasText: unit }).first().click();
  await expect(desk.title(new RegExp(unit))).toBeVisible();
  const entry = desk.page.getByRole("listitem").filter({ hasText: household.payer });
  await entry.getByRole("button", { name: household.invite }).click();
  const dialog = desk.dialog(household.inviteTitle);
  const code = dialog.getByText(/^[0-9a-f]{20}$/);
  await expect(code).toBeVisible();
  await desk.look("invitation");
  return (await code.innerText()).trim();
}

/** Opens the account; the code becomes known to sign-in a moment after it was made. */
async function join(resident: Visitor, code: string) {
  const { entry, session } = resident.words;
  await resident.go("/home");
  await expect(resident.button(session.signIn)).toBeVisible();
  await resident.look("resident sign-in");
  await resident.go(`/home/join#company=cuihu&code=${code}`);
  await expect(resident.page.getByLabel(entry.code, { exact: true })).toHaveValue(code);
  resident.knows(code);
  await resident.page.getByLabel(entry.newPassword).fill(OWN_PASSWORD);
  await resident.look("invitation sign-up");
  await resident.button(entry.submit).click();
  await expect(resident.title(entry.welcome)).toBeVisible();
  await resident.look("welcome");
}

async function pay(resident: Visitor, hosted: (typeof HOSTED)["zh"], words: Words) {
  const { myPayments } = words;
  await resident.page.getByRole("button", { name: /278\.62|\d\.\d\d/ }).click();
  await expect(resident.button(hosted.wechat)).toBeVisible();
  // What is paid for is named in both languages.
  resident.knows(await resident.page.getByRole("paragraph").first().innerText());
  await resident.look("the provider's page");
  // Left unpaid, the payment waits and can be gone on with.
  await resident.button(hosted.cancel).click();
  await expect(resident.title(myPayments.waiting)).toBeVisible();
  await resident.look("waiting");
  await resident.page.getByRole("link", { name: /\d\.\d\d/ }).click();
  await resident.button(hosted.decline).click();
  await expect(resident.page.getByRole("alert")).toBeVisible();
  await resident.button(hosted.wechat).click();
  await expect(resident.title(myPayments.paid)).toBeVisible();
}

test("a resident opens an account on a phone, pays and has a receipt", async ({
  visit,
  language,
}) => {
  const { unit, person } = HOMES[language];
  await (await Colleague.called("cashier")).accountOf(unit);
  const code = await invite(await visit("desktop", "desk"), unit);

  const resident = await visit("phone");
  const { words } = resident;
  const { owed, myBills, myPayments, frame, entry, session } = words;
  await join(resident, code);
  await resident.link(entry.toBills).click();
  await expect(resident.page.getByText(owed.total)).toBeVisible();
  await expect(resident.page.getByRole("heading", { name: unit })).toBeVisible();
  await resident.look("what I owe");

  await resident.page.getByRole("listitem").getByRole("link").first().click();
  await expect(resident.page.getByRole("heading", { name: myBills.lines })).toBeVisible();
  await expect(resident.page.getByText("×")).toBeVisible();
  await resident.look("bill");
  const bill = new URL(resident.page.url()).pathname;
  const amount = await resident.page.getByRole("button", { name: /\d\.\d\d/ }).innerText();
  await pay(resident, HOSTED[language], words);
  const receipt = resident.page.getByRole("article");
  await expect(receipt).toContainText(/FCH-SJ-\d{6}-\d{6}/);
  await expect(receipt).toContainText(person);
  await expect(receipt).toContainText(/[\d,]+\.\d\d/.exec(amount)?.[0] ?? "no amount");
  await resident.look("receipt");

  await resident.link(frame.history).click();
  await expect(resident.title(myPayments.payments)).toBeVisible();
  await expect(resident.page.getByText(myPayments.statuses.SUCCEEDED).first()).toBeVisible();
  await resident.look("payments");
  await resident.page
    .getByRole("navigation")
    .getByRole("link", { name: words.myBills.all })
    .click();
  await expect(resident.title(myBills.all)).toBeVisible();
  await resident.look("bills");
  await resident.go(bill);
  await expect(resident.page.getByText(myBills.statuses.PAID, { exact: true })).toBeVisible();

  await resident.link(frame.me).click();
  await expect(resident.title(person)).toBeVisible();
  await resident.look("me");
  const large = await visit("desktop", resident);
  for (const place of ["/home", bill, "/home/history", "/home/bills", "/home/me"]) {
    await large.go(place);
    await expect(large.page.getByRole("heading", { level: 1 })).toBeVisible();
    await large.look(`desktop ${place}`);
  }
  await resident.button(session.signOut).click();
  await expect(resident.button(session.signIn)).toBeVisible();
});

test("a wrong code opens nothing and says why", async ({ visit }) => {
  const stranger = await visit("phone");
  const { entry } = stranger.words;
  await stranger.go("/home/join#company=cuihu&code=0000000000000000000f");
  await stranger.page.getByLabel(entry.newPassword).fill(OWN_PASSWORD);
  await stranger.button(entry.submit).click();
  await expect(stranger.page.getByRole("alert")).toHaveText(entry.codeWrong);
  stranger.knows("0000000000000000000f");
  await stranger.look("wrong code");
  // The refusal itself is what was asked for.
  expect(stranger.troubles.splice(0)).toEqual([expect.stringMatching(/^401: .*sign-up$/)]);
});

test("the other language is one press away and is kept", async ({ visit, language }) => {
  const guest = await visit("phone");
  await guest.go("/home");
  const other = language === "zh" ? "English" : "中文";
  await guest.button(other).click();
  await expect(guest.button(language === "zh" ? "Sign in" : "登录")).toBeVisible();
  await guest.page.reload();
  await expect(guest.button(language === "zh" ? "Sign in" : "登录")).toBeVisible();
});
