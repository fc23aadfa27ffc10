import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";
import type { Options } from "./support/test.ts";

// The shell is the same Chromium without windows of its own, and does the same with less.
const INSTALLED = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];
const CHROMIUM = process.env.CHROMIUM ?? INSTALLED.find((program) => existsSync(program));
if (!CHROMIUM || !existsSync(CHROMIUM)) {
  throw new Error(
    `there is no ${CHROMIUM ?? INSTALLED.join(" and no ")}; install it with: ` +
      "sudo apt-get install chromium-headless-shell fonts-noto-cjk, or name another Chromium in CHROMIUM",
  );
}

/** What shows nobody a word of ours, or tries both languages itself: once is enough. */
const WORDLESS = ["tours/graphiql.spec.ts", "tours/security.spec.ts", "support/*.spec.ts"];

export default defineConfig<Options>({
  testDir: ".",
  testMatch: ["tours/*.spec.ts", "support/*.spec.ts"],
  outputDir: "results",
  globalSetup: "./support/server.ts",
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  timeout: 240_000,
  expect: { timeout: 45_000 },
  reporter: [["list"], ["./support/result-line.ts"]],
  use: {
    browserName: "chromium",
    actionTimeout: 45_000,
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: CHROMIUM,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // A page lives for seconds: compiling its scripts a second time costs more than it saves.
        "--js-flags=--no-maglev,--no-turbofan",
      ],
    },
  },
  projects: [
    { name: "zh", use: { language: "zh" } },
    { name: "en", testIgnore: WORDLESS, use: { language: "en" } },
  ],
});
