import { expect, test as base } from "@playwright/test";
import { tellOfFailure } from "./failure_report";

/** What the tests use of ../server/support/server.mjs. */
export interface RealServer {
  url: string;
  output: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  destroy(): Promise<void>;
}

export function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} must be set; ops/test sets it`);
  return value;
}

/** The real server on data of its own, without a model: one for all tests of a worker. */
export const test = base.extend<object, { server: RealServer }>({
  server: [
    // Playwright reads the names of what a fixture needs from its first parameter.
    async ({}, use) => {
      const { Server } = await import("../server/support/server.mjs");
      const flags = ["--no-model", "--web-root", needed("REVERIE_WEB_ROOT"), "--samples", needed("REVERIE_SAMPLES")];
      const server = (await Server.create({ flags })) as RealServer;
      await use(server);
      await server.destroy();
    },
    { scope: "worker", auto: true, timeout: 60_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  page: async ({ page, server }, use, info) => tellOfFailure(page, info, () => server.output, () => use(page)),
});

export { expect };
