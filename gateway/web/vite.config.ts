import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const server = process.env.REVERIE_URL ?? "http://127.0.0.1:8080";

/** As the server does it: every address of the console is answered by its page. */
const consoleAddresses: Plugin = {
  name: "console-addresses",
  configureServer(vite) {
    vite.middlewares.use((request, _response, next) => {
      if (/^\/console(\/[^.]*)?(\?|$)/.test(request.url ?? "")) request.url = "/console.html";
      next();
    });
  },
};

export default defineConfig({
  plugins: [react(), consoleAddresses],
  // Nothing is inlined as data: or as a script, so that a strict Content-Security-Policy holds.
  build: {
    outDir: "dist",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    rollupOptions: { input: { index: "index.html", console: "console.html" } },
  },
  server: { proxy: { "/api": { target: server, ws: true } } },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
