import { Caller, jsonBody, type Query, withQuery } from "./caller";
import type { Bond, Character, Conversation, Memory, ModelsStatus, Page, StoredMessage, Tokens, User } from "./types";

/** The REST surface that the page uses. Every call fails with `ApiError`. */
export class ApiClient extends Caller {
  async register(email: string, password: string, name: string): Promise<void> {
    const response = await this.plain("/auth/register", jsonBody({ email, password, name }));
    this.tokens.keep((await response.json()) as Tokens);
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
}
