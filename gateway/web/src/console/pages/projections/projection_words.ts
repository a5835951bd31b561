import type { ProjectionVersion, Rebuild } from "../../api/types";
import type { Tone } from "../../components/badge";

export const trendWords: Record<string, string> = { catching_up: "catching up", steady: "steady", falling_behind: "falling behind" };

/** A version is called late from this lag on, as the alert does. */
const lateAfterS = 5;

/** How a version does, in words; a lower rank is worse. */
export function stateOf(version: ProjectionVersion | undefined): { words: string; tone: Tone; rank: number } {
  if (!version) return { words: "nothing serves", tone: "bad", rank: 0 };
  if (version.stalled) return { words: "stalled", tone: "bad", rank: 1 };
  if (version.problem) return { words: "in trouble", tone: "bad", rank: 2 };
  if (version.parked_entities > 0) return { words: `${version.parked_entities} parked`, tone: "warn", rank: 3 };
  if (version.lag_seconds > lateAfterS) return { words: version.trend === "catching_up" ? "catching up" : "late", tone: "warn", rank: 4 };
  return { words: "up to date", tone: "good", rank: 5 };
}

export const rebuildTone: Record<Rebuild["state"], Tone> = { running: "accent", paused: "warn", comparing: "accent", ready: "good", switched: "good", failed: "bad", cancelled: "plain" };

/** Why a rebuild is slower than it could be. */
export function throttleWords({ work_share, live_p99_ms, live_p99_limit_ms }: Rebuild): string {
  const share = work_share === undefined ? "less than all" : `${Math.round(work_share * 100)} %`;
  const live = live_p99_ms === null || live_p99_ms === undefined ? "" : `: live commands take ${Math.round(live_p99_ms)} ms (p99), ${live_p99_limit_ms} ms are allowed`;
  return `Held back to ${share} of the time${live}.`;
}

/** Is there still something to steer? */
export function isUnderWay(rebuild: Rebuild | null | undefined): rebuild is Rebuild {
  return rebuild !== null && rebuild !== undefined && ["running", "paused", "comparing"].includes(rebuild.state);
}

/** The positions ("2:17") that a difference's lineage names, wherever they stand in it. */
export function positionsIn(lineage: unknown): string[] {
  if (typeof lineage === "string") return /^\d+:\d+$/.test(lineage) ? [lineage] : [];
  if (typeof lineage !== "object" || lineage === null) return [];
  const { partition, offset } = lineage as { partition?: unknown; offset?: unknown };
  if (typeof partition === "number" && typeof offset === "number") return [`${partition}:${offset}`];
  return [...new Set(Object.values(lineage).flatMap(positionsIn))];
}
