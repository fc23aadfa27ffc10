//! The installation under test: the all-in-one binary with a fresh data folder and the demo, on a
//! free port. `COMMONHOLD_URL` names one that runs already; `COMMONHOLD_BINARY` another binary.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));
const WEB = path.join(REPOSITORY, "services/web/dist");
const GRAPHIQL = path.join(REPOSITORY, "services/gateway/graphiql/dist");

/** Until the demo is loaded, ms. */
const PATIENCE = 180_000;

export default async function start(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.COMMONHOLD_URL) return undefined;
  const binary = process.env.COMMONHOLD_BINARY ?? built();
  need(binary, "cargo build -p all-in-one");
  need(path.join(WEB, "index.html"), "make web-build");
  need(path.join(GRAPHIQL, "index.html"), "make graphiql");
  const data = await mkdtemp(path.join(tmpdir(), "commonhold-browser-"));
  const port = await freePort();
  const args = ["--demo", "--listen", `127.0.0.1:${port}`, "--data", data, "--web", WEB];
  const server = spawn(binary, args, { cwd: REPOSITORY, stdio: ["ignore", "pipe", "inherit"] });
  const stop = async () => {
    await end(server);
    await rm(data, { recursive: true, force: true });
  };
  try {
    await greeted(server);
  } catch (failure) {
    await stop();
    throw failure;
  }
  // `localhost`, for which a browser keeps secure cookies without TLS.
  process.env.COMMONHOLD_URL = `http://localhost:${port}`;
  return stop;
}

function built(): string {
  const cache = process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache");
  const target = process.env.CARGO_TARGET_DIR ?? path.join(cache, "commonhold/target");
  return path.join(target, "debug/commonhold");
}

function need(file: string, command: string) {
  if (!existsSync(file)) throw new Error(`there is no ${file}; make it with: ${command}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** The server says where it runs once the demo is there. */
function greeted(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the server is not ready in time")), PATIENCE);
    server.once("error", reject);
    server.once("exit", code => reject(new Error(`the server ended with ${code}`)));
    let said = "";
    server.stdout?.on("data", (part: Buffer) => {
      said += part.toString();
      if (!said.includes("Commonhold runs on")) return;
      clearTimeout(late);
      resolve();
    });
  });
}

function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise(resolve => {
    server.once("exit", () => resolve());
    server.kill("SIGTERM");
  });
}
