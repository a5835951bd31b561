import { randomUUID } from "node:crypto";
import { expect, type Page } from "@playwright/test";

export const password = "a long enough password";

/** A new person on the page: errors of the page and of its security policy are collected. */
export class Visitor {
  readonly email = `${randomUUID()}@example.org`;
  readonly errors: string[] = [];

  constructor(readonly page: Page) {
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && /Content.Security.Policy/i.test(message.text())) this.errors.push(message.text());
    });
  }

  async signUp(name = "Ada", at = "/"): Promise<void> {
    const { page } = this;
    await page.goto(at);
    await page.getByRole("button", { name: "Sign up" }).click();
    await page.getByLabel("Your name").fill(name);
    await page.getByLabel("E-mail").fill(this.email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign up", exact: true }).click();
    await expect(page.getByRole("heading", { name: new RegExp(`talk to, ${name}`) })).toBeVisible();
  }

  /** Keeps the frame that ends a reply from the page until what comes back is called: a scripted reply is too short to be looked at. */
  async holdEndOfReplies(): Promise<() => void> {
    let release = () => {};
    await this.page.routeWebSocket(/chat\/ws/, (socket) => {
      socket.connectToServer().onMessage((text) => {
        if (String(text).includes('"type":"reply.completed"')) release = () => socket.send(text);
        else socket.send(text);
      });
    });
    return () => release();
  }

  async talkTo(name: string): Promise<void> {
    await this.page.getByRole("button", { name: `Talk to ${name}` }).click();
    await expect(this.page.getByLabel(`Message to ${name}`)).toBeVisible();
  }

  async say(name: string, text: string): Promise<void> {
    const box = this.page.getByLabel(`Message to ${name}`);
    const sent = this.page.locator(".message-own");
    await expect(this.page.locator(".message").first()).toBeVisible();
    const before = await sent.count();
    await box.fill(text);
    await box.press("Enter");
    await expect(sent).toHaveCount(before + 1);
  }

  own() {
    return this.page.locator("article.message-own");
  }
  replies() {
    return this.page.locator("article.message-theirs");
  }
  /** The texts that are shown, oldest first. */
  bubbles() {
    return this.page.locator("article.message .bubble").allInnerTexts();
  }
  running() {
    return this.page.locator('article[data-state="streaming"]');
  }

  /** Waits until the newest message is a whole reply with some text. */
  async replied(): Promise<string> {
    const last = this.page.locator(".message").last(); // one that is still being sent counts
    await expect(last).toHaveAttribute("data-state", "complete", { timeout: 60_000 });
    await expect(last).toHaveClass(/message-theirs/);
    const text = await last.locator(".bubble").innerText();
    expect(text.trim()).not.toBe("");
    return text;
  }

  /** The panel is open on a wide screen, and a drawer on others. */
  async openPanel(tab: "Memory" | "Bond" | "About"): Promise<void> {
    const tabs = this.page.getByRole("tab", { name: tab });
    if (!(await tabs.isVisible())) await this.page.getByRole("button", { name: /remembers, and how/ }).click();
    await tabs.click();
  }
}
