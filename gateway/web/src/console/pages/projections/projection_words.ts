import type { Outlook, ProjectionVersion, Rebuild, RebuildComparison, RowCheck } from "../../api/types";
import type { Tone } from "../../components/badge";
import { count, plural } from "../../format/numbers";

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

/** How many rows are not alike, and which version lacks rows of the other. */
export function comparisonWords(of: RebuildComparison, version: number): string {
  const parts = [
    of.differs > 0 ? plural(of.differs, "differs", "differ") : "",
    of.missing_in_new > 0 ? `${plural(of.missing_in_new, "is", "are")} missing in v${version}, the new one` : "",
    of.only_in_new > 0 ? `${plural(of.only_in_new, "is", "are")} only there` : "",
  ].filter((each) => each !== "");
  return `Of ${plural(of.compared, "row")} ${parts.join("; ")}.`;
}

/** Events that both versions have parked; undefined when there are none. More in the new one are rows that readers would miss. */
export function parkedWords({ parked_in_serving = 0, parked_in_new = 0 }: RebuildComparison, version: number): { words: string; bad: boolean } | undefined {
  if (parked_in_serving + parked_in_new === 0) return undefined;
  return { words: `Dead letters: ${count(parked_in_new)} in v${version}, ${count(parked_in_serving)} in the one before.`, bad: parked_in_new > parked_in_serving };
}

/** How a check of the rows stands; one that failed says nothing about the rows. */
export function rowCheckWords({ state, rows, differences, problem }: RowCheck): { words: string; tone: Tone } {
  if (state === "failed") return { words: `It could not be finished${problem ? `: ${problem}` : ""}. Nothing is known of the rows.`, tone: "bad" };
  if (state === "running") return { words: "The log is folded anew beside the tables.", tone: "accent" };
  return { words: `${plural(rows, "row")} looked at, ${differences === 0 ? "all as the log says" : `${count(differences)} not as the log says`}.`, tone: differences > 0 ? "bad" : "good" };
}

/** What a look ahead found that would not go well; empty when nothing. The records read are all of the log, the folds a sample of its entities. */
export function poisonWords({ poison, poison_total, parked_in_sample }: Outlook): string[] {
  const unread = poison_total ?? poison.length;
  const parked = parked_in_sample ?? 0;
  return [
    ...(unread > 0 ? [`${plural(unread, "record")} can't be read or ${unread === 1 ? "is" : "are"} missing, and would be parked or left out.`] : []),
    ...(parked > 0 ? [`${plural(parked, "entity", "entities")} of the sample ${parked === 1 ? "has" : "have"} an event that can't be folded: it would be parked with all behind it. In the whole log there may be more.`] : []),
  ];
}

/** Is there still something to steer? */
export function isUnderWay(rebuild: Rebuild | null | undefined): rebuild is Rebuild {
  return rebuild !== null && rebuild !== undefined && ["running", "paused", "comparing"].includes(rebuild.state);
}
