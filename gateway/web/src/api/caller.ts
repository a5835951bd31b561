import { ApiError, errorOf } from "./errors";
import type { TokenStore } from "./token_store";
import type { Tokens } from "./types";

export type Query = Record<string, string | number | boolean | null | undefined>;

export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

/** Signing in and out, and calls below `/api/v1` with the tokens that gives. Every call fails with `ApiError`. */
export class Caller {
  protected readonly tokens: TokenStore;

  constructor(tokens: TokenStore) {
    this.tokens = tokens;
  }

  async signIn(email: string, password: string): Promise<void> {
    const body = new URLSearchParams({ grant_type: "password", username: email, password });
    const response = await this.plain("/auth/token", { method: "POST", body });
    this.tokens.keep((await response.json()) as Tokens);
  }

  /** Signs out here at once; the server is told, and a failure to tell it changes nothing for the user. */
  async signOut(): Promise<void> {
    const refresh_token = this.tokens.refreshToken;
    const access = await this.tokens.accessToken().catch(() => "");
    const newest = this.tokens.refreshToken ?? refresh_token;
    this.tokens.forget();
    if (newest === null) return;
    const told = jsonBody({ refresh_token: newest });
    await this.plain("/auth/logout", { ...told, headers: { ...told.headers, Authorization: `Bearer ${access}` } }).catch(() => undefined);
  }

  async json<T>(path: string, init: RequestInit = {}): Promise<T> {
    return (await (await this.request(path, init)).json()) as T;
  }

  /** A signed-in call; a token that ended is renewed once. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const token = await this.tokens.accessToken();
    try {
      return await this.plain(path, authorised(init, token));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      return this.plain(path, authorised(init, await this.tokens.accessToken(token)));
    }
  }

  protected async plain(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(`/api/v1${path}`, init);
    } catch {
      throw new ApiError(0, {});
    }
    if (!response.ok) throw await errorOf(response);
    return response;
  }
}

export function jsonBody(value: unknown): { method: string; body: string; headers: Record<string, string> } {
  return { method: "POST", body: JSON.stringify(value), headers: { "Content-Type": "application/json" } };
}

function authorised(init: RequestInit, token: string): RequestInit {
  return { ...init, headers: { ...(init.headers as Record<string, string> | undefined), Authorization: `Bearer ${token}` } };
}
