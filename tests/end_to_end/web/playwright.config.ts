import { defineConfig } from "@playwright/test";

// Each worker starts a server of its own (real_server.ts). CHROMIUM names another browser than Debian's.
export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  timeout: 90_000,
  expect: { timeout: 20_000 },
  workers: 1,
  reporter: "list",
  use: {
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
    },
  },
  projects: [
    { name: "desk", testIgnore: "console_*", use: { viewport: { width: 1440, height: 900 } } },
    // Only what is another on a small screen under a finger.
    { name: "phone", testIgnore: "console_*", grep: /@phone/, use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } },
    { name: "console", testMatch: "console_*.spec.ts", use: { viewport: { width: 1440, height: 900 } } },
  ],
});
