import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";
import type { Options } from "./support/test.ts";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
if (!existsSync(CHROMIUM)) {
  throw new Error(
    `there is no ${CHROMIUM}; install it with: sudo apt-get install chromium fonts-noto-cjk, ` +
      "or name another Chromium in CHROMIUM",
  );
}

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
      ],
    },
  },
  projects: [
    { name: "zh", use: { language: "zh" } },
    { name: "en", use: { language: "en" } },
  ],
});
