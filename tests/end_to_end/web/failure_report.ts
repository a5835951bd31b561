import type { Page, TestInfo } from "@playwright/test";

/** Of the server's log, that is told. */
const logTailBytes = 3000;

/**
 * Watches a page and, when its test failed, says on the standard output where the page stood, what it showed, which calls went wrong and what the
 * server logged last: a machine that runs the tests keeps their words, not their pictures.
 */
export async function tellOfFailure(page: Page, info: TestInfo, serverLog: () => string, test: () => Promise<void>): Promise<void> {
  const calls: string[] = [];
  page.on("framenavigated", (frame) => frame === page.mainFrame() && calls.push(`at ${frame.url()}`));
  page.on("requestfailed", (request) => calls.push(`${request.method()} ${request.url()}: ${request.failure()?.errorText}`));
  page.on("response", (response) => response.status() >= 400 && calls.push(`${response.request().method()} ${response.url()}: ${response.status()}`));
  page.on("console", (message) => message.type() === "error" && calls.push(`console: ${message.text()}`));
  await test();
  if (info.status === info.expectedStatus) return;
  const shown = await page.locator("body").innerText().catch((error: unknown) => String(error));
  console.log([`--- ${info.title}: the page stood at ${page.url()} and showed`, shown, "--- calls that went wrong, and where it had been", ...calls, "--- the server's last words", serverLog().slice(-logTailBytes), "---"].join("\n"));
}
