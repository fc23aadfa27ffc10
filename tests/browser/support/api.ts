//! What has to be there before a tour begins, made through the same graph by the one who may.

import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";

/** The demo's password. */
export const PASSWORD = "demo-2026-demo";

/** Where the installation under test is. */
export function origin(): string {
  const url = process.env.COMMONHOLD_URL;
  if (!url) throw new Error("no installation runs");
  return url;
}

/** A word that no other test uses: letters and digits, the first one a letter. */
export function unique(): string {
  return `T${randomUUID().replaceAll("-", "").slice(0, 7).toUpperCase()}`;
}

/** A month so many from now, e.g. `2026-12`; from the next one on the console proposes to charge. */
export function monthsFromNow(count: number): string {
  const now = new Date();
  return new Date(Date.UTC(now.getFullYear(), now.getMonth() + count, 1)).toISOString().slice(0, 7);
}

/** A member of the demo's staff, as a program. */
export class Colleague {
  private constructor(private readonly token: string) {}

  static async called(login: string): Promise<Colleague> {
    const answer = await post("/auth/session?mode=token", undefined, {
      company: "cuihu",
      login,
      password: PASSWORD,
    });
    return new Colleague((answer as { accessToken: string }).accessToken);
  }

  /** Runs a document; an error of the graph is thrown. */
  async ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const answer = await post("/graphql", this.token, { query, variables });
    const { data, errors } = answer as { data: Data; errors?: { message: string }[] };
    if (errors?.[0]) throw new Error(errors[0].message);
    return data;
  }

  /** Asks again until there is something, for at most a minute. */
  async until<Found>(look: (me: Colleague) => Promise<Found | undefined>): Promise<Found> {
    const end = Date.now() + 60_000;
    while (Date.now() < end) {
      const found = await look(this);
      if (found !== undefined) return found;
      await setTimeout(100);
    }
    throw new Error("waited in vain");
  }

  /** An estate of the test's own, empty. */
  async newEstate(name: string): Promise<{ id: string; code: string; name: string }> {
    const code = unique();
    const make =
      "mutation($input: CreateEstateInput!) { createEstate(input: $input) { estate { id } } }";
    const input = { code, name: `${name} ${code}`, address: "合肥市(演示)" };
    const { createEstate } = await this.ask<{ createEstate: { estate: { id: string } } }>(make, {
      input,
    });
    return { id: createEstate.estate.id, code, name: input.name };
  }

  /** Imports the good rows of a roster, until its prices wait for a decision. */
  async importRoster(estateId: string, name: string, file: Buffer): Promise<void> {
    const body = new FormData();
    body.append("file", new Blob([new Uint8Array(file)]), name);
    const headers = { authorization: `Bearer ${this.token}` };
    const sent = await fetch(`${origin()}/files/residents`, { method: "POST", headers, body });
    const { id: fileId } = (await sent.json()) as { id: string };
    const start =
      "mutation($input: StartImportInput!) { startImport(input: $input) { import { id } } }";
    const input = { estateId, fileId, cutOverMonth: monthsFromNow(1) };
    const { startImport } = await this.ask<{ startImport: { import: { id: string } } }>(start, {
      input,
    });
    const { id } = startImport.import;
    const look = "query($id: ID!) { import(id: $id) { state fees { state } } }";
    type Seen = { import: { state: string; fees: { state: string } | null } };
    const comesTo = (wanted: (seen: Seen["import"]) => boolean) =>
      this.until(async me => {
        const { import: seen } = await me.ask<Seen>(look, { id });
        return wanted(seen) || undefined;
      });
    await comesTo(({ state }) => state === "ANALYSED");
    const confirm =
      "mutation($input: ConfirmImportInput!) { confirmImport(input: $input) { import { id } } }";
    await this.ask(confirm, { input: { id, rows: "GOOD", choices: [] } });
    await comesTo(({ fees }) => fees?.state === "PROPOSED");
  }

  /** The demo's estate. */
  async estate(): Promise<string> {
    const query = "{ estates(first: 100) { nodes { id code } } }";
    const { estates } = await this.ask<{ estates: { nodes: { id: string; code: string }[] } }>(
      query,
    );
    const found = estates.nodes.find(({ code }) => code === "FCH");
    if (!found) throw new Error("the demo's estate is not there");
    return found.id;
  }

  /** The billing account of a unit, once it has a bill to pay. */
  async accountOf(label: string): Promise<string> {
    const estateId = await this.estate();
    const query = `query($text: String!, $estateId: ID!) {
      search(text: $text, estateId: $estateId, first: 1) {
        nodes { unit { label billingAccounts { id bills(first: 1) { nodes { id } } } } }
      }
    }`;
    type Account = { id: string; bills: { nodes: unknown[] } };
    type Found = { search: { nodes: { unit: { label: string; billingAccounts: Account[] } }[] } };
    return this.until(async me => {
      const { search } = await me.ask<Found>(query, { text: label, estateId });
      const unit = search.nodes.map(node => node.unit).find(unit => unit.label === label);
      return unit?.billingAccounts?.find(({ bills }) => bills.nodes.length > 0)?.id;
    });
  }
}

async function post(path: string, token: string | undefined, body: unknown): Promise<unknown> {
  const headers = {
    "content-type": "application/json",
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const response = await fetch(origin() + path, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}
