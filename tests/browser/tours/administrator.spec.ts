import path from "node:path";
import { fileURLToPath } from "node:url";
import { Colleague } from "../support/api.ts";
import { expect, PASSWORD, test } from "../support/test.ts";

const ESTATES = {
  zh: { code: "TZH", name: "梧桐里小区" },
  en: { code: "TEN", name: "银杏里小区" },
};

const FILE = path.join(fileURLToPath(new URL("../files", import.meta.url)), "units.csv");

async function newEstate({ code, name }: { code: string; name: string }) {
  const admin = await Colleague.called("admin");
  const make = `mutation($input: CreateEstateInput!) {
    createEstate(input: $input) { estate { id } }
  }`;
  await admin.ask(make, { input: { code, name, address: "合肥市(演示)" } });
}

test("the administrator imports a roster into a new estate", async ({ visit, language }) => {
  const { code, name } = ESTATES[language];
  await newEstate(ESTATES[language]);
  const admin = await visit("desktop");
  const { imports, shell, search } = admin.words;
  await admin.signIn("admin", PASSWORD);
  await admin.choose(admin.page.getByRole("combobox", { name: shell.estate }), name);
  await expect(admin.page).toHaveURL(new RegExp(`/e/${code}`));
  await expect(admin.page.getByText(search.noUnits)).toBeVisible();
  await admin.look("empty estate");

  await admin.link(imports.title).click();
  await expect(admin.title(imports.title)).toBeVisible();
  await admin.look("import");
  await admin.page.locator("input[type=file]").setInputFiles(FILE);
  await admin.button(imports.upload).click();
  await expect(admin.page.getByText(imports.noFindings)).toBeVisible();
  admin.knows(path.basename(FILE));
  await admin.look("checked file");
  await admin.button(imports.importAll).click();
  const asked = admin.dialog(imports.confirmTitle);
  await admin.look("confirming the import");
  await asked.getByRole("button", { name: imports.importAll }).click();
  await expect(admin.page.getByText(imports.done, { exact: true }).last()).toBeVisible({
    timeout: 60_000,
  });
  await admin.look("imported");
  await admin.link(imports.toDesk).click();
  await expect(admin.page.getByRole("row").filter({ hasText: "1-1-0101" })).toBeVisible();
});

test("the administrator adds staff, grants a role and finds it in the log", async ({
  visit,
  language,
}) => {
  const login = `guide-${language}`;
  const name = { zh: "导览员", en: "Tour Guide" }[language];
  const admin = await visit("desktop");
  const { staff, roles, audit } = admin.words;
  admin.knows(login, name);
  await admin.signIn("admin", PASSWORD);
  await admin.link(staff.title).click();
  await expect(admin.title(staff.title)).toBeVisible();
  await admin.look("staff");
  await admin.button(staff.add).click();
  const form = admin.dialog(staff.add);
  await form.getByLabel(staff.name, { exact: true }).fill(name);
  await form.getByLabel(staff.login, { exact: true }).fill(login);
  await admin.look("adding staff");
  await form.getByRole("button").last().click();
  const token = admin.dialog(staff.tokenTitle);
  await expect(token).toBeVisible();
  admin.knows((await token.getByRole("code").or(token.locator("code")).first().innerText()).trim());
  await admin.look("one-time token");
  await admin.page.keyboard.press("Escape");

  const row = admin.page.getByRole("row").filter({ hasText: login });
  await row.getByRole("button", { name: staff.grant }).click();
  const grant = admin.dialog(admin.say(staff.grantTitle, { name }));
  await admin.look("granting a role");
  await grant.getByRole("combobox", { name: staff.role }).click();
  await admin.page.keyboard.press("Enter");
  await grant.getByRole("button").last().click();
  await expect(grant).toHaveCount(0);

  await admin.link(roles.title).click();
  await expect(admin.title(roles.title)).toBeVisible();
  await admin.page.getByRole("row").nth(1).getByRole("button").click();
  await admin.look("roles");

  await admin.link(audit.title).click();
  await expect(admin.title(audit.title)).toBeVisible();
  await expect(admin.page.getByRole("row").nth(1)).toBeVisible();
  await admin.look("audit log");
});
