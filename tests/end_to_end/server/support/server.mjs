// The real server as a process: started on a free port, killed, started again on the same data.
import { spawn, execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { fresh_database } from "./database.mjs";

const binary = process.env.REVERIE_BINARY;
if (!binary) throw new Error("REVERIE_BINARY must name the reverie executable; ops/test sets it");
const run_file = promisify(execFile);

export class Server {
  /** A server on a data folder and a database of its own. `flags` are passed to `serve`, `environment` is added. */
  static async create({ flags = ["--no-model"], environment = {} } = {}) {
    const server = new Server();
    server.flags = flags;
    server.environment = environment;
    // A topic belongs to one server; where a whole test runs on Kafka, each of its servers gets a fresh one.
    if (process.env.REVERIE_LOG?.startsWith("kafka:")) server.environment = { REVERIE_KAFKA_TOPIC: `e2e-${randomBytes(6).toString("hex")}`, ...environment };
    server.data = await mkdtemp(join(tmpdir(), "reverie-e2e-"));
    server.database = await fresh_database();
    await server.command("migrate");
    await server.start();
    return server;
  }

  /** Runs `reverie <command…>` on the same data; resolves to { code, stdout, stderr }. */
  async command(...words) {
    try {
      const done = await run_file(binary, words, { env: this.variables(), maxBuffer: 64 * 1024 * 1024 });
      return { code: 0, ...done };
    } catch (error) {
      if (typeof error.code !== "number") throw error;
      return { code: error.code, stdout: error.stdout, stderr: error.stderr };
    }
  }

  variables() {
    return { ...process.env, REVERIE_DATA: this.data, REVERIE_DATABASE_URL: this.database.url, ...this.environment };
  }

  async start() {
    const words = ["serve", "--port", String(this.port ?? 0), "--log-format", "json", ...this.flags];
    const [program, ...before] = [...(this.within ?? []), binary]; // `within`: what starts it elsewhere, in a network of its own say
    this.process = spawn(program, [...before, ...words], { env: this.variables(), stdio: ["ignore", "pipe", "pipe"] });
    this.exited = once(this.process, "exit");
    this.output = this.output ?? "";
    let ready_line = "";
    this.process.stderr.on("data", (bytes) => (this.output += bytes));
    this.url = await new Promise((resolve, reject) => {
      this.process.stdout.on("data", (bytes) => {
        ready_line += bytes;
        const found = ready_line.match(/serving: (http:\/\/\S+)/);
        if (found) resolve(found[1]);
      });
      this.process.once("exit", (code, signal) =>
        reject(new Error(`the server ended before it was ready (${code ?? signal}):\n${this.output.slice(-4000)}`)));
    });
    this.port = Number(new URL(this.url).port);
  }

  async kill() {
    this.process.kill("SIGKILL");
    await this.exited;
  }

  /** SIGTERM; resolves to the exit code. */
  async stop() {
    this.process.kill("SIGTERM");
    const [code] = await this.exited;
    return code;
  }

  async destroy() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.kill();
    await this.database.drop();
    await rm(this.data, { recursive: true, force: true });
  }

  async api(method, path, { token, body, headers = {}, form } = {}) {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body !== undefined ? { "content-type": "application/json" } : {}),
        ...headers,
      },
      body: form ? new URLSearchParams(form) : body !== undefined ? JSON.stringify(body) : undefined,
    });
    const text = await response.text();
    const json = (response.headers.get("content-type") ?? "").includes("json") && text ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, json };
  }

  /** Signs a new person up; resolves to { token, refresh_token, user }. */
  async sign_up(name = "Tom") {
    const email = `${name.toLowerCase()}-${Math.random().toString(36).slice(2)}@example.org`;
    const answer = await this.api("POST", "/api/v1/auth/register", { body: { email, password: "correct horse", name } });
    if (answer.status !== 201) throw new Error(`sign-up: ${answer.status} ${answer.text}`);
    return { email, token: answer.json.access_token, refresh_token: answer.json.refresh_token, user: answer.json.user };
  }

  /** Imports a character from a card and resolves to it. */
  async character(token, data = {}) {
    const card = { spec: "chara_card_v2", spec_version: "2.0", data: { name: "Mira", description: "A lighthouse keeper.", first_mes: "Hello {{user}}.", ...data } };
    const answer = await this.api("POST", "/api/v1/characters", { token, body: card });
    if (answer.status !== 201) throw new Error(`character: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  async conversation(token, character_id) {
    const answer = await this.api("POST", "/api/v1/conversations", { token, body: { character_id } });
    if (answer.status !== 201 && answer.status !== 200) throw new Error(`conversation: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  /** All messages of a conversation's active branch. */
  async messages(token, conversation_id, query = "") {
    const all = [];
    // By cursor: a reply that is written between two pages shifts what a page number means.
    for (let cursor = ""; ; ) {
      const at = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
      const answer = await this.api("GET", `/api/v1/conversations/${conversation_id}/messages?page_size=100${at}${query}`, { token });
      if (answer.status !== 200) throw new Error(`messages: ${answer.status} ${answer.text}`);
      all.push(...answer.json.items);
      if (!answer.json.has_more) return all;
      cursor = answer.json.next_cursor;
    }
  }
}
