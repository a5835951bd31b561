import { describe, expect, it } from "vitest";
import { FakeStorage } from "../chat/fakes";
import { ApiError, describeError } from "./errors";
import { TokenStore } from "./token_store";

const tokens = (name: string) => ({ access_token: `access ${name}`, refresh_token: `refresh ${name}`, token_type: "bearer", expires_in: 900 });

/** A lock that all tabs share. */
function sharedLock() {
  let before: Promise<unknown> = Promise.resolve();
  const request = (_name: string, run: () => Promise<unknown>) => {
    const after = before.then(run);
    before = after.catch(() => undefined);
    return after;
  };
  return { request } as unknown as Pick<LockManager, "request">;
}

function tab(storage: FakeStorage, answer: (sent: string) => Response, locks = sharedLock()) {
  let time = 0;
  const sent: string[] = [];
  const store = new TokenStore({
    storage, locks, now: () => time,
    fetch: async (_url, init) => {
      const token = (init.body as URLSearchParams).get("refresh_token") ?? "";
      sent.push(token);
      return answer(token);
    },
  });
  return { store, sent, wait: (ms: number) => { time += ms; } };
}

describe("the tokens", () => {
  it("are used until shortly before they end, then renewed with the rotated one", async () => {
    const { store, sent, wait } = tab(new FakeStorage(), () => Response.json(tokens("b")));
    store.keep(tokens("a"));
    expect(await store.accessToken()).toBe("access a");
    wait(880_000);
    expect(await store.accessToken()).toBe("access b");
    expect(sent).toEqual(["refresh a"]);
    expect(store.refreshToken).toBe("refresh b");
  });

  it("are renewed once for all who ask at the same time", async () => {
    const { store, sent } = tab(new FakeStorage(), () => Response.json(tokens("b")));
    store.keep(tokens("a"));
    await Promise.all([store.accessToken("access a"), store.accessToken("access a"), store.accessToken("access a")]);
    expect(sent).toEqual(["refresh a"]);
  });

  it("never use a refresh token twice, also in two tabs at once", async () => {
    const storage = new FakeStorage();
    const locks = sharedLock();
    let count = 0;
    const answer = () => Response.json(tokens(String(++count)));
    const first = tab(storage, answer, locks);
    const second = tab(storage, answer, locks);
    storage.setItem("reverie.refresh_token", "refresh 0");
    await Promise.all([first.store.accessToken(), second.store.accessToken()]);
    expect([...first.sent, ...second.sent].sort()).toEqual(["refresh 0", "refresh 1"]);
  });

  it("are forgotten when the server refuses them", async () => {
    const { store } = tab(new FakeStorage(), () => Response.json({ error: { code: "invalid_token", message: "no" } }, { status: 401 }));
    store.keep(tokens("a"));
    let told = 0;
    store.onSignedOut(() => ++told);
    await expect(store.accessToken("access a")).rejects.toMatchObject({ status: 401 });
    expect(store.signedIn).toBe(false);
    expect(told).toBe(1);
  });

  it("are kept when the server is overloaded or away", async () => {
    const { store } = tab(new FakeStorage(), () => Response.json({ error: { code: "unavailable", message: "Busy." } }, { status: 503 }));
    store.keep(tokens("a"));
    await expect(store.accessToken("access a")).rejects.toMatchObject({ status: 503 });
    expect(store.signedIn).toBe(true);
  });
});

describe("an error", () => {
  it("says when to try again", () => {
    expect(describeError(new ApiError(503, { message: "Busy." }, 1))).toBe("Busy. Try again in 1 second.");
    expect(describeError(new ApiError(429, { message: "Too fast." }, 12.2))).toBe("Too fast. Try again in 13 seconds.");
    expect(describeError(new ApiError(404, { message: "Not here." }))).toBe("Not here.");
  });
});
