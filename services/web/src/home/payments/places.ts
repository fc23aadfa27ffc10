import { MyPlacesDocument } from "@/graph/generated";
import { useQuery } from "@/graph/query";

/** Names the home of an account of mine, e.g. `3-1-1201`. */
export function usePlaces(): (accountId: string) => string | undefined {
  const [{ data }] = useQuery({ query: MyPlacesDocument, requestPolicy: "cache-first" });
  return id => {
    const account = data?.myAccounts?.find(account => account.id === id);
    return account?.unit?.label ?? account?.estate.name;
  };
}
