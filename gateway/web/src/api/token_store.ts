import { ApiError, errorOf } from "./errors";
import type { Tokens } from "./types";

const refreshKey = "reverie.refresh_token";
const lockName = "reverie.refresh";
/** An access token is renewed this long before it ends. */
const renewBeforeMs = 30_000;

export interface TokenEnvironment {
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Undefined where the page is not a secure context: then one refresh at a time holds within this tab only. */
  locks: Pick<LockManager, "request"> | undefined;
  now: () => number;
}

/**
 * Keeps the access token in memory and the rotating refresh token in the browser's storage.
 * A refresh token counts once, so at most one refresh is in flight in all tabs, and each reads the newest token under the lock.
 */
export class TokenStore {
  private readonly world: TokenEnvironment;
  private access = "";
  private endsAt = 0;
  private refreshing: Promise<string> | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(world: TokenEnvironment) {
    this.world = world;
  }

  get signedIn(): boolean {
    return this.refreshToken !== null;
  }

  get refreshToken(): string | null {
    return this.world.storage.getItem(refreshKey);
  }

  /** Called when this tab loses its session. */
  onSignedOut(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  keep(tokens: Tokens): void {
    this.access = tokens.access_token;
    this.endsAt = this.world.now() + tokens.expires_in * 1000;
    this.world.storage.setItem(refreshKey, tokens.refresh_token);
  }

  forget(): void {
    this.access = "";
    this.endsAt = 0;
    this.world.storage.removeItem(refreshKey);
    for (const listener of this.listeners) listener();
  }

  /** A token that is good for now; `rejected` is one that the server has just refused. Fails with 401 when signed out. */
  async accessToken(rejected?: string): Promise<string> {
    const fresh = this.access !== "" && this.world.now() < this.endsAt - renewBeforeMs;
    if (fresh && this.access !== rejected) return this.access;
    this.refreshing ??= this.refresh().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  private refresh(): Promise<string> {
    if (!this.world.locks) return this.exchange();
    return this.world.locks.request(lockName, () => this.exchange());
  }

  private async exchange(): Promise<string> {
    const token = this.refreshToken;
    if (token === null) throw this.signedOut();
    let response: Response;
    try {
      response = await this.world.fetch("/api/v1/auth/token", {
        method: "POST",
        body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: token }),
      });
    } catch {
      throw new ApiError(0, {});
    }
    if (response.ok) {
      this.keep((await response.json()) as Tokens);
      return this.access;
    }
    const error = await errorOf(response);
    // Only a token that the server refuses ends the session: an overloaded server does not.
    if (response.status === 401 || response.status === 400) {
      if (this.refreshToken === token) this.forget();
      throw this.signedOut();
    }
    throw error;
  }

  private signedOut(): ApiError {
    return new ApiError(401, { code: "authentication_required", message: "Please sign in again." });
  }
}

export function browserTokenStore(): TokenStore {
  return new TokenStore({
    storage: window.localStorage,
    fetch: (url, init) => window.fetch(url, init),
    locks: navigator.locks,
    now: () => Date.now(),
  });
}
