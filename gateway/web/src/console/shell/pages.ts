import type { IconName } from "../components/icon";

export interface PageEntry {
  /** The first part of its address; empty for the first page. */
  path: string;
  title: string;
  icon: IconName;
  /** After "g". */
  key: string;
  group: "Now" | "Log" | "Reads" | "People" | "Record";
}

/** Every page of the console, in the order of the navigation. */
export const pages: PageEntry[] = [
  { path: "", title: "Overview", icon: "overview", key: "o", group: "Now" },
  { path: "partitions", title: "Nodes & partitions", icon: "partitions", key: "n", group: "Now" },
  { path: "effects", title: "Jobs & effects", icon: "effects", key: "j", group: "Now" },
  { path: "events", title: "Event streams", icon: "events", key: "e", group: "Log" },
  { path: "entities", title: "Entity inspector", icon: "entities", key: "i", group: "Log" },
  { path: "verification", title: "Verification", icon: "verification", key: "v", group: "Log" },
  { path: "projections", title: "Projections", icon: "projections", key: "p", group: "Reads" },
  { path: "vectors", title: "Recall vectors", icon: "vectors", key: "r", group: "Reads" },
  { path: "dead-letters", title: "Dead letters", icon: "letters", key: "d", group: "Reads" },
  { path: "users", title: "Users & conversations", icon: "people", key: "u", group: "People" },
  { path: "forks", title: "Forks", icon: "fork", key: "f", group: "People" },
  { path: "audit", title: "Audit", icon: "audit", key: "a", group: "Record" },
  { path: "settings", title: "Settings", icon: "settings", key: "s", group: "Record" },
];

export const groups = ["Now", "Log", "Reads", "People", "Record"] as const;

/** Which entry of the navigation an address belongs to. */
export function entryOf(parts: string[]): PageEntry | undefined {
  const first = parts[0] ?? "";
  return pages.find((page) => page.path === (first === "conversations" ? "users" : first));
}
