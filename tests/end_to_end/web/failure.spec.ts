import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, needed, type RealServer, test } from "./real_server";
import { Visitor } from "./visitor";

/** An OpenAI-compatible endpoint that refuses until `well`, then says one sentence. */
class Model {
  well = false;
  private readonly http: HttpServer = createServer((request, response) => {
    request.resume();
    if (!this.well) return void response.writeHead(400, { "content-type": "application/json" }).end('{"error":{"message":"no"}}');
    const piece = (delta: object, finish_reason: string | null) => `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(`${piece({ content: "I am well again." }, null)}${piece({}, "stop")}data: [DONE]\n\n`);
  });
  async listen(): Promise<string> {
    await new Promise<void>((done) => this.http.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}/v1`;
  }
  close(): void {
    this.http.close();
    this.http.closeAllConnections();
  }
}

test("a reply that fails says so in its place and comes when it is tried again", async ({ page }) => {
  const { Server } = await import("../server/support/server.mjs");
  const model = new Model();
  const flags = ["--model-url", await model.listen(), "--model-name", "fake", "--web-root", needed("REVERIE_WEB_ROOT"), "--samples", needed("REVERIE_SAMPLES")];
  const server = (await Server.create({ flags })) as RealServer;
  try {
    const visitor = new Visitor(page);
    await visitor.signUp("Ada", server.url);
    await visitor.talkTo("Mira");
    await visitor.say("Mira", "Are you well?");
    const failed = page.locator('article[data-state="failed"]');
    await expect(failed.getByRole("alert")).not.toBeEmpty();
    await page.reload();
    await expect(failed.getByRole("alert")).not.toBeEmpty();
    model.well = true;
    await failed.getByRole("button", { name: "Try again" }).click();
    expect(await visitor.replied()).toBe("I am well again.");
    await expect(failed).toHaveCount(0);
    expect(visitor.errors).toEqual([]);
  } finally {
    await server.destroy();
    model.close();
  }
});
