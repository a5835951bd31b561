import { describe, expect, it } from "vitest";
import type { Verification } from "../../api/types";
import { resultOf } from "./verification_words";

describe("what verification found", () => {
  const partition = { partition: 0, verified_to: 5, log_end: 9, at: null, problem: null as string | null };
  const of = (over: { differences?: number; problem?: string; full?: string } = {}) => ({
    background: { differences: over.differences ?? 0, partitions: [{ ...partition, problem: over.problem ?? null }] },
    last_full: over.full ? { state: over.full, differences: 0 } : null,
    findings: [],
  }) as unknown as Verification;

  it("is good only when everything could be looked at", () => {
    expect(resultOf(of())).toEqual({ state: "ok", words: "No difference found." });
    expect(resultOf(of({ full: "done" })).state).toBe("ok");
    expect(resultOf(of({ problem: "the log is gone" })).state).toBe("warning");
    expect(resultOf(of({ full: "failed" })).state).toBe("warning");
    expect(resultOf(of({ differences: 2, problem: "x" }))).toEqual({ state: "down", words: "2 differences found." });
  });
});
