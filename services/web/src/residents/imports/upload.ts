import { readFailure } from "@/graph/failure";
import { requestHeaders } from "@/session/http";

/** Uploads a file to the residents service and returns its id. Throws a `Failure`. */
export async function upload(file: File, language: string): Promise<string> {
  const form = new FormData();
  form.append("file", file);
  const response = await fetch("/files/residents", {
    method: "POST",
    headers: requestHeaders(language),
    body: form,
  }).catch(() => undefined);
  if (!response?.ok) throw await readFailure(response);
  const { id } = (await response.json()) as { id: string };
  return id;
}
