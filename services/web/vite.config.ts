import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { budget } from "./build/budget.ts";
import { compressed } from "./build/compressed.ts";
import { silentIcons } from "./build/silent-icons.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** `make web` passes on what is not the page to a running server. */
const server = process.env.COMMONHOLD_URL ?? "http://localhost:8080";

/** In development as on the server: a place below `/home` gets the resident app's page. */
const residentPages: Plugin = {
  name: "resident-pages",
  configureServer(dev) {
    dev.middlewares.use((request, _response, next) => {
      const path = request.url?.split("?")[0] ?? "";
      if (path === "/home" || (path.startsWith("/home/") && !path.includes("."))) {
        request.url = "/home/index.html";
      }
      next();
    });
  },
};

export default defineConfig({
  plugins: [
    react(),
    residentPages,
    silentIcons(),
    budget({ entry: "home", bytes: 200_000 }),
    compressed(),
  ],
  resolve: {
    alias: [
      { find: /^@\//, replacement: `${here("./src")}/` },
      {
        find: /^(?:\.{1,2}|@rc-component\/util\/(?:es|lib))\/Dom\/dynamicCSS$/,
        replacement: here("./src/console/adopted-styles.ts"),
      },
    ],
  },
  build: {
    target: "es2023",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rollupOptions: { input: { console: here("./index.html"), home: here("./home/index.html") } },
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(
      ["/graphql", "/auth", "/files", "/verify", "/webhooks"].map(path => [
        path,
        { target: server },
      ]),
    ),
  },
  test: {
    include: ["src/**/*.test.ts", "src/**/*.test.tsx"],
    reporters: ["default", "./build/result-line.ts"],
  },
});
