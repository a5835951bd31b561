import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env.REVERIE_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  // Nothing is inlined as data: or as a script, so that a strict Content-Security-Policy holds.
  build: { outDir: "dist", assetsInlineLimit: 0, modulePreload: { polyfill: false }, sourcemap: false },
  server: { proxy: { "/api": { target: server, ws: true } } },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
