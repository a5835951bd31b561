import { ApiError, errorOf } from "./errors";
import type { TokenStore } from "./token_store";
import type { Bond, Character, Conversation, Memory, ModelsStatus, Page, StoredMessage, Tokens, User } from "./types";

type Query = Record<string, string | number | undefined>;

function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

/** The REST surface that the page uses. Every call fails with `ApiError`. */
export class ApiClient {
  private readonly tokens: TokenStore;

  constructor(tokens: TokenStore) {
    this.tokens = tokens;
  }

  async register(email: string, password: string, name: string): Promise<void> {
    const response = await this.plain("/auth/register", jsonBody({ email, password, name }));
    this.tokens.keep((await response.json()) as Tokens);
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

  me = () => this.json<User>("/users/me");
  modelsStatus = () => this.json<ModelsStatus>("/models/status");

  characters = () => this.all<Character>("/characters");

  importCard(file: Blob, type: string): Promise<Character> {
    return this.json<Character>("/characters", { method: "POST", body: file, headers: { "Content-Type": type } });
  }

  async card(id: string): Promise<Blob> {
    return (await this.request(`/characters/${id}/card`)).blob();
  }

  conversations = () => this.all<Conversation>("/conversations", { sort: "-updated_at" });

  openConversation = (character_id: string) => this.json<Conversation>("/conversations", jsonBody({ character_id }));

  async closeConversation(id: string): Promise<void> {
    await this.request(`/conversations/${id}/close`, { method: "POST" });
  }

  messages(id: string, page: number, minPosition?: string): Promise<Page<StoredMessage>> {
    return this.json(withQuery(`/conversations/${id}/messages`, { page, page_size: 100, min_position: minPosition }));
  }

  memories(character_id: string, q: string, page: number): Promise<Page<Memory>> {
    return this.json(withQuery("/memories", { character_id, q, page, page_size: 50 }));
  }

  /** Gives the position of the forgetting, when the server names it. */
  async forget(id: string): Promise<string | undefined> {
    const response = await this.request(`/memories/${id}`, { method: "DELETE" });
    return response.headers.get("X-Position") ?? undefined;
  }

  bond = (character_id: string, minPosition?: string) =>
    this.json<Bond>(withQuery(`/bonds/${character_id}`, { min_position: minPosition }));

  /** Every item of a list, up to ten pages of a hundred: more than that nobody scrolls through here. */
  private async all<T>(path: string, query: Query = {}): Promise<T[]> {
    const items: T[] = [];
    for (let page = 1; page <= 10; ++page) {
      const got = await this.json<Page<T>>(withQuery(path, { ...query, page, page_size: 100 }));
      items.push(...got.items);
      if (!got.has_more) break;
    }
    return items;
  }

  private async json<T>(path: string, init: RequestInit = {}): Promise<T> {
    return (await (await this.request(path, init)).json()) as T;
  }

  /** A signed-in call; a token that ended is renewed once. */
  private async request(path: string, init: RequestInit = {}): Promise<Response> {
    const token = await this.tokens.accessToken();
    try {
      return await this.plain(path, authorised(init, token));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      return this.plain(path, authorised(init, await this.tokens.accessToken(token)));
    }
  }

  private async plain(path: string, init: RequestInit): Promise<Response> {
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

function jsonBody(value: unknown): { method: string; body: string; headers: Record<string, string> } {
  return { method: "POST", body: JSON.stringify(value), headers: { "Content-Type": "application/json" } };
}

function authorised(init: RequestInit, token: string): RequestInit {
  return { ...init, headers: { ...(init.headers as Record<string, string> | undefined), Authorization: `Bearer ${token}` } };
}
