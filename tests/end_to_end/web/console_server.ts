import { expect, type Page, test as base } from "@playwright/test";
import { tellOfFailure } from "./failure_report";
import { needed } from "./real_server";

/** What these tests use of ../server/support/server.mjs. */
interface SeededServer {
  url: string;
  output: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  destroy(): Promise<void>;
  command(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  database: { query(statement: string): Promise<Record<string, unknown>[]> };
  sign_up(name: string): Promise<{ email: string; token: string; user: { id: string } }>;
  character(token: string, data?: object): Promise<{ id: string; name: string }>;
  conversation(token: string, character: string): Promise<{ id: string }>;
}

export interface Person {
  email: string;
  id: string;
  conversation: string;
  /** Sends a message and waits for the whole reply. */
  say(text: string): Promise<void>;
}

export interface Seed {
  server: SeededServer;
  operators: [string, string];
  /** Somebody without the right to see the console. */
  plain: string;
  person: Person;
  /** Somebody whose messages may be parked. */
  gardener: Person;
}

export const saidFirst = "My dog is called Bruno and he likes the sea";
/** Of those whom support/server.mjs signs up. */
export const password = "correct horse";

/** Somebody who signed up and was made an operator on the command line. */
async function operatorOf(server: SeededServer, name: string): Promise<string> {
  const { email } = await server.sign_up(name);
  const made = await server.command("users", "role", "--email", email, "--role", "operator");
  if (made.code !== 0) throw new Error(`users role: ${made.code}\n${made.stderr}`);
  return email;
}

async function talker(server: SeededServer, name: string): Promise<Person> {
  const { Chat } = await import("../server/support/socket.mjs");
  const signed = await server.sign_up(name);
  const character = await server.character(signed.token);
  const conversation = await server.conversation(signed.token, character.id);
  const say = async (text: string) => {
    const chat = await Chat.open(server, signed.token);
    await chat.say(text, { conversation_id: conversation.id });
    await chat.close();
  };
  return { email: signed.email, id: signed.user.id, conversation: conversation.id, say };
}

async function seeded(environment: Record<string, string>): Promise<Seed> {
  const { Server } = await import("../server/support/server.mjs");
  const flags = ["--no-model", "--web-root", needed("REVERIE_WEB_ROOT"), "--samples", needed("REVERIE_SAMPLES")];
  const server = (await Server.create({ flags, environment })) as SeededServer;
  const operators: [string, string] = [await operatorOf(server, "Olga"), await operatorOf(server, "Otto")];
  const person = await talker(server, "Tom");
  for (const text of [saidFirst, "What is my dog called?", "I play the cello, my recital is on Friday"]) await person.say(text);
  const gardener = await talker(server, "Ivy");
  return { server, operators, plain: person.email, person, gardener };
}

/** One server with some life in it for all tests of a worker. */
export const test = base.extend<object, { seed: Seed }>({
  seed: [
    // Playwright reads the names of what a fixture needs from its first parameter.
    async ({}, use) => {
      const { LetterEmbeddings } = await import("../server/support/embeddings.mjs");
      const embeddings = await LetterEmbeddings.start();
      const seed = await seeded(embeddings.environment);
      await use(seed);
      await seed.server.destroy();
      embeddings.close();
    },
    { scope: "worker", auto: true, timeout: 90_000 },
  ],
  baseURL: async ({ seed }, use) => use(seed.server.url),
  page: async ({ page, seed }, use, info) => tellOfFailure(page, info, () => seed.server.output, () => use(page)),
});

export { expect };

/** An operator at the console; what the page logs as an error is collected. */
export class Operator {
  readonly errors: string[] = [];

  constructor(readonly page: Page) {
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && /Content.Security.Policy|React|Warning:/i.test(message.text())) this.errors.push(message.text());
    });
  }

  async signIn(email: string, at = "", secret = password): Promise<void> {
    const { page } = this;
    await page.goto(`/console${at}`);
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill(secret);
    await page.getByRole("button", { name: "Sign in" }).click();
  }

  async open(at: string): Promise<void> {
    await this.page.goto(`/console${at}`);
  }

  heading(name: string | RegExp) {
    return this.page.getByRole("heading", { level: 1, name });
  }

  rows(table: string) {
    return this.page.getByRole("table", { name: table }).locator(".c-row");
  }

  drawer() {
    return this.page.locator(".c-drawer");
  }

  /** Gives the reason and types what the dialog asks for, then does it. */
  async confirm(verb: string, reason = "as the test says"): Promise<void> {
    const dialog = this.page.getByRole("dialog");
    const wanted = await dialog.locator(".c-typed").innerText();
    await expect(dialog.getByRole("button", { name: verb, exact: true })).toBeDisabled();
    await dialog.getByLabel("Reason, for the audit log").fill(reason);
    await dialog.locator('input[name="confirm"]').fill(wanted);
    await dialog.getByRole("button", { name: verb, exact: true }).click();
    await expect(dialog).toHaveCount(0);
  }

  async showInFull(reason: string): Promise<void> {
    await this.page.getByRole("button", { name: "Full", exact: true }).click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByLabel("Why do you need to see it?").fill(reason);
    await dialog.getByRole("button", { name: "Show in full" }).click();
  }
}
