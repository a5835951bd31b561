import type { Verification } from "../../api/types";
import { plural } from "../../format/numbers";

/** What verification has found, worst first. What could not be looked at is not called good. */
export function resultOf({ background, last_full, findings }: Verification): { state: "ok" | "warning" | "down"; words: string } {
  const differences = Math.max(findings.length, background.differences ?? 0, last_full?.differences ?? 0);
  if (differences > 0) return { state: "down", words: `${plural(differences, "difference")} found.` };
  const stuck = background.partitions.filter((each) => each.problem).length;
  if (stuck > 0) return { state: "warning", words: `${plural(stuck, "partition")} can't be verified; elsewhere no difference was found.` };
  if (last_full?.state === "failed") return { state: "warning", words: "The last run through the whole log could not be finished; the background found no difference." };
  return { state: "ok", words: "No difference found." };
}
