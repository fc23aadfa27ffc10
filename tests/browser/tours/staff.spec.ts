import { unique } from "../support/api.ts";
import { expect, test } from "../support/test.ts";
import type { Visitor } from "../support/visitor.ts";

const NAMES = { zh: "导览员", en: "Tour Guide" };
const OWN_PASSWORD = "a garden by the lake";

/** Adds somebody; the token for their first password is shown once. */
async function add(admin: Visitor, name: string, login: string): Promise<string> {
  const { staff } = admin.words;
  await admin.button(staff.add).click();
  const form = await admin.opened(staff.add);
  await form.getByLabel(staff.name, { exact: true }).fill(name);
  await form.getByLabel(staff.login, { exact: true }).fill(login);
  await admin.look("adding staff");
  await form.getByRole("button").last().click();
  const shown = admin.dialog(staff.tokenTitle).locator("code");
  await expect(shown).toBeVisible();
  const token = (await shown.innerText()).trim();
  admin.knows(token);
  await admin.look("one-time token");
  await admin.page.keyboard.press("Escape");
  return token;
}

/** The colleague sets a password with the token and is in. */
async function firstDay(colleague: Visitor, token: string, login: string) {
  const { shell } = colleague.words;
  await colleague.go("/");
  await colleague.button(shell.firstPassword).click();
  await colleague.page.getByLabel(shell.token, { exact: true }).fill(`${token}x`);
  await colleague.page.getByLabel(shell.newPassword, { exact: true }).fill(OWN_PASSWORD);
  await colleague.button(shell.setPassword).click();
  await expect(colleague.page.getByText(shell.tokenWrong)).toBeVisible();
  colleague.knows(token);
  await colleague.look("first password");
  colleague.forgive(/^401: .*password-reset$/);
  await colleague.page.getByLabel(shell.token, { exact: true }).fill(token);
  await colleague.button(shell.setPassword).click();
  await expect(colleague.page.getByText(shell.passwordSet)).toBeVisible();
  await colleague.signIn(login, OWN_PASSWORD);
  colleague.knows(login);
  await expect(colleague.page.getByText(shell.noEstate)).toBeVisible();
  await colleague.look("no estate yet");
}

test("the administrator adds a colleague, who sets a password; a role is given and taken", async ({
  visit,
  language,
}) => {
  const login = unique().toLowerCase();
  const name = `${NAMES[language]} ${login}`;
  const admin = await visit("desktop", "admin");
  const { staff, audit } = admin.words;
  admin.knows(login, name);
  await admin.go("/staff");
  await expect(admin.title(staff.title)).toBeVisible();
  await admin.look("staff");
  const token = await add(admin, name, login);
  const colleague = await visit("desktop");
  colleague.knows(name);
  await firstDay(colleague, token, login);

  const row = admin.page.getByRole("row").filter({ hasText: login });
  await row.getByRole("button", { name: staff.grant }).click();
  const grant = admin.dialog(admin.say(staff.grantTitle, { name }));
  await admin.look("granting a role");
  await grant.getByRole("combobox", { name: staff.role }).click();
  await admin.page.keyboard.press("Enter");
  await grant.getByRole("button").last().click();
  await expect(grant).toHaveCount(0);
  await colleague.page.reload();
  await expect(colleague.page.getByRole("navigation").getByRole("link")).not.toHaveCount(0);

  await row.getByRole("button", { name: new RegExp(staff.revoke) }).click();
  const revoke = admin.dialog(new RegExp(name));
  await admin.look("taking a role back");
  await revoke.getByRole("button", { name: staff.revoke }).click();
  await expect(row).toContainText(staff.noRole);

  await admin.link(audit.title).click();
  await expect(admin.title(audit.title)).toBeVisible();
  await admin.choose(
    admin.page.getByRole("combobox", { name: audit.action }),
    audit.actions.role.revoked,
  );
  await expect(admin.page).toHaveURL(/action=role\.revoked/);
  await admin.page.reload();
  const entry = admin.page.getByRole("row").filter({ hasText: audit.actions.role.revoked });
  await entry.first().getByRole("button").click();
  await expect(admin.page.getByText(audit.detail)).toBeVisible();
  await admin.look("audit log");
});

test("the company makes a role of its own, changes it and deletes it", async ({
  visit,
  language,
}) => {
  const [code, name] = [unique(), { zh: "夜班前台", en: "Night desk" }[language]];
  const admin = await visit("desktop", "admin");
  const { roles, rights } = admin.words;
  admin.knows(code, name);
  await admin.go("/roles");
  await expect(admin.title(roles.title)).toBeVisible();
  await admin.page.getByRole("row").nth(1).getByRole("button").first().click();
  await admin.look("roles");
  await admin.button(roles.create).click();
  const made = await admin.opened(roles.create);
  await made.getByLabel(roles.name, { exact: true }).fill(name);
  await made.getByLabel(roles.code, { exact: true }).fill(code);
  await admin.choose(made.getByRole("combobox", { name: roles.startFrom }), "");
  await made.getByRole("checkbox", { name: rights.fee.propose }).check();
  await made.getByRole("checkbox", { name: rights.fee.approve }).check();
  await made.getByRole("button", { name: roles.create }).click();
  await expect(made.getByText(`“${rights.fee.propose}”`)).toBeVisible();
  await admin.look("a role that may not be");
  admin.forgive(/^the graph: .*fee\.propose/);
  await made.getByRole("checkbox", { name: rights.fee.approve }).uncheck();
  await made.getByRole("button", { name: roles.create }).click();
  await expect(made).toHaveCount(0);

  const row = admin.page.getByRole("row").filter({ hasText: code });
  await row.getByRole("button", { name: roles.edit }).click();
  const changed = admin.dialog(new RegExp(name));
  await changed.getByRole("checkbox", { name: rights.payment.take }).check();
  await changed.getByRole("textbox", { name: new RegExp(rights.payment.take) }).fill("200");
  await admin.look("changing a role");
  await changed.getByRole("button", { name: roles.save }).click();
  await expect(changed).toHaveCount(0);
  await row.getByRole("button").first().click();
  await expect(admin.page.getByText("200.00")).toBeVisible();

  await row.getByRole("button", { name: roles.remove }).click();
  await admin.dialog(new RegExp(name)).getByRole("button", { name: roles.remove }).click();
  await expect(row).toHaveCount(0);
});
