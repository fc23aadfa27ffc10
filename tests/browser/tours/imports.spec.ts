import type { Locator } from "@playwright/test";
import { Colleague } from "../support/api.ts";
import { expect, test } from "../support/test.ts";
import type { Visitor } from "../support/visitor.ts";
import { workbook } from "../support/workbook.ts";

/** As another system exports it: an owner who is nowhere, an area that is none, an odd header. */
const ROSTER = {
  业主信息: `业主编号 | 业主名称
    1 | 赵一`,
  费用设置: `费用编号 | 费用类型 | 收费项目 | 计算公式 | 计费单价 | 固定费用
    1 | 物业费 | 物业服务费 | 1001 | 1.3 | 20`,
  房屋信息: `房屋编号 | 楼栋编号 | 单元编号 | 房屋楼层 | 建筑面积 | 谁的房 | 房屋费用 | 费用开始时间
    1011 | 1 | 1 | 1 | 94.56 | 1 | 1 | 2020-06-10
    1012 | 1 | 1 | 1 | 94.56 | 9 | 1 | 2020-06-10
    1013 | 1 | 1 | 1 | 九十 | 1 | 1 | 2020-06-10`,
};

const NAMES = { zh: "梧桐里小区", en: "Plane Tree Lane" };
const REASONS = { zh: "价格有误", en: "Old prices" };

/** Changes what the graph answers to an operation: no file goes missing or takes long on demand. */
async function answering(
  who: Visitor,
  operation: string,
  change: (data: Record<string, Record<string, unknown>>) => void,
) {
  await who.page.route("**/graphql", async route => {
    if (route.request().postDataJSON().operationName !== operation) return route.fallback();
    const response = await route.fetch({ maxRetries: 2 });
    const json = await response.json();
    change(json.data);
    return route.fulfill({ response, json });
  });
}

type Point = { state: "READING" | "RUNNING"; done: number; total: number };

/** Lets an import look as if it were at this point until `seen`. */
async function at(point: Point, admin: Visitor, seen: () => Promise<void>) {
  await answering(admin, "Import", data => Object.assign(data.import ?? {}, point));
  await seen();
  await admin.page.unrouteAll();
}

/** Lets the fees of the import look stopped until they are resumed. */
async function stopped(admin: Visitor, failure: string) {
  let fees: unknown;
  await answering(admin, "ImportFees", data => {
    fees = Object.assign(data.import?.fees ?? {}, { state: "FAILED", failure });
  });
  await admin.page.route("**/graphql", async route => {
    const { operationName } = route.request().postDataJSON();
    if (operationName !== "ResumeImportedFees") return route.fallback();
    const importedFees = Object.assign(fees ?? {}, { state: "RUNNING", failure: null });
    const resumeImportedFees = { __typename: "ImportedFeesPayload", importedFees };
    await route.fulfill({ json: { data: { resumeImportedFees } } });
    await admin.page.unrouteAll();
  });
  await admin.page.reload();
}

async function resume(admin: Visitor) {
  const { importedFees } = admin.words;
  await stopped(admin, { zh: "文件无法读取", en: "the file cannot be read" }[admin.language]);
  const state = (name: string) => admin.page.getByText(name, { exact: true });
  await expect(state(importedFees.states.FAILED)).toBeVisible();
  await admin.look("a stopped import");
  await admin.button(importedFees.resume).click();
  const asked = admin.dialog(importedFees.resumeTitle);
  await asked.getByRole("button", { name: importedFees.resume }).click();
  await expect(asked).toHaveCount(0);
  await expect(state(importedFees.states.PROPOSED)).toBeVisible();
}

/** Uploads the file; what is wrong with it is named once its rows were read. */
async function upload(admin: Visitor, name: string, buffer: Buffer): Promise<Locator> {
  const { imports, importedFees } = admin.words;
  admin.knows(name);
  await admin.link(imports.title).click();
  await expect(admin.page.getByText(importedFees.none)).toBeVisible();
  await admin.look("import");
  const mimeType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  await admin.page.locator("input[type=file]").setInputFiles({ name, mimeType, buffer });
  await at({ state: "READING", done: 4500, total: 0 }, admin, async () => {
    await admin.button(imports.upload).click();
    const far = admin.say(imports.rowsRead, { rows: "4500" });
    await expect(admin.page.getByRole("status").filter({ hasText: far })).toBeVisible();
  });
  const wrong = admin.page.getByRole("row").filter({ hasText: "九十" });
  await expect(wrong).toContainText(imports.severities.ERROR);
  await expect(admin.button(imports.importAll)).toBeDisabled();
  await admin.look("checked file");
  return wrong;
}

/** Corrects how the file is read, and decides what is doubtful. */
async function decide(admin: Visitor) {
  const { imports } = admin.words;
  await admin.button(new RegExp(imports.mapping)).click();
  const owner = admin.page.getByRole("textbox", { name: /房屋信息.*(业主编号|Owner code)/ });
  await expect(owner).toHaveValue("");
  await owner.fill("F");
  await admin.look("mapping");
  await admin.button(imports.recheck).click();
  const dangling = admin.page.getByRole("row").filter({ hasText: imports.severities.CHOICE });
  await expect(dangling).toHaveCount(1);
  await admin.choose(dangling.getByRole("combobox"), imports.ways.IMPORT_AS_VACANT);
  await admin.look("choices");
}

async function letIn(admin: Visitor) {
  const { imports, importedFees } = admin.words;
  await admin.button(imports.importGood).click();
  const asked = admin.dialog(imports.confirmTitle);
  await at({ state: "RUNNING", done: 1, total: 4 }, admin, async () => {
    await asked.getByRole("button", { name: imports.importGood }).click();
    const progress = admin.page.getByRole("progressbar", { name: imports.progress });
    await expect(progress).toHaveAttribute("aria-valuenow", "25");
    await admin.look("importing");
  });
  await expect(admin.page.getByText(imports.done, { exact: true }).last()).toBeVisible();
  await expect(admin.page.getByText(importedFees.states.PROPOSED)).toBeVisible();
}

/** Finance says yes or no to the prices that wait. */
async function answerTo(finance: Visitor, act: "approve" | "withdraw") {
  const { fees, importedFees, shell } = finance.words;
  const waiting = finance.page.getByRole("table", { name: importedFees.waiting });
  await finance.look("imported prices");
  await waiting.getByRole("button", { name: importedFees[act] }).click();
  const decision = finance.dialog(/legacy|./);
  if (act === "withdraw") {
    await decision.getByLabel(shell.reason).fill(REASONS[finance.language]);
  }
  await finance.look(`deciding to ${act} imported prices`);
  await decision.getByRole("button", { name: importedFees[act] }).click();
  await expect(decision).toHaveCount(0);
  await expect(waiting).toHaveCount(0);
  const phase = act === "approve" ? "APPROVED" : "WITHDRAWN";
  await expect(finance.page.getByText(fees.phases[phase]).first()).toBeVisible();
}

test("the administrator imports a roster, finance decides on its prices", async ({
  visit,
  language,
}) => {
  const colleague = await Colleague.called("admin");
  const estate = await colleague.newEstate(NAMES[language]);
  const admin = await visit("desktop", "admin");
  const { imports, importedFees, shell, search } = admin.words;
  await admin.go("/e/FCH");
  await admin.choose(admin.page.getByRole("combobox", { name: shell.estate }), estate.name);
  await expect(admin.page).toHaveURL(new RegExp(`/e/${estate.code}`));
  await expect(admin.page.getByText(search.noUnits)).toBeVisible();
  await admin.look("empty estate");
  const [name, buffer] = ["legacy.xlsx", workbook(ROSTER)];
  const wrong = await upload(admin, name, buffer);
  await decide(admin);
  await letIn(admin);
  await expect(wrong).toBeVisible();
  await admin.look("imported");
  await resume(admin);
  await admin.link(imports.toDesk).click();
  await expect(admin.page.getByRole("row").filter({ hasText: "1-1-1012" })).toContainText(
    search.states.VACANT,
  );
  await expect(admin.page.getByText("1-1-1013")).toHaveCount(0);
  await admin.link(imports.title).click();
  await expect(admin.page.getByRole("row").filter({ hasText: name })).toContainText(
    importedFees.states.PROPOSED,
  );
  await admin.look("imports so far");

  const finance = await visit("desktop", "finance");
  finance.knows(name);
  await finance.go(`/e/${estate.code}/fees`);
  await answerTo(finance, "withdraw");
  await colleague.importRoster(estate.id, name, buffer);
  await finance.page.reload();
  await answerTo(finance, "approve");
});
