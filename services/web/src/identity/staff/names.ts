import type { Client } from "urql";
import { ColleaguesDocument } from "@/graph/generated";

/** The most that the graph names at once. */
const AT_ONCE = 100;

type Batch = { ids: string[]; answer: Promise<ReadonlyMap<string, string>> };

/** What colleagues are called. Those asked for in one turn are asked of the graph in one request. */
export class Names {
  private readonly known = new Map<string, Promise<string | undefined>>();
  private batch: Batch | undefined;

  constructor(private readonly ask: (ids: string[]) => Promise<ReadonlyMap<string, string>>) {}

  /** Nobody when the company does not know them, or the graph does not answer: then again next time. */
  of(id: string): Promise<string | undefined> {
    const known = this.known.get(id);
    if (known) return known;
    const name = this.later(id).then(
      names => names.get(id),
      () => {
        this.known.delete(id);
        return undefined;
      },
    );
    this.known.set(id, name);
    return name;
  }

  private later(id: string): Promise<ReadonlyMap<string, string>> {
    if (!this.batch || this.batch.ids.length === AT_ONCE) {
      const ids: string[] = [];
      const answer = Promise.resolve().then(() => {
        if (this.batch?.ids === ids) this.batch = undefined;
        return this.ask(ids);
      });
      this.batch = { ids, answer };
    }
    this.batch.ids.push(id);
    return this.batch.answer;
  }
}

const OF = new WeakMap<Client, Names>();

/** The names that the person of a client may know. */
export function namesOf(client: Client): Names {
  let names = OF.get(client);
  if (!names) {
    names = new Names(async ids => {
      const { data, error } = await client.query(ColleaguesDocument, { ids }).toPromise();
      if (error) throw error;
      return new Map(data?.colleagues?.map(({ id, name }) => [id, name]));
    });
    OF.set(client, names);
  }
  return names;
}
