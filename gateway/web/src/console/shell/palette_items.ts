import { addressOf } from "../address/route";
import type { KeptView } from "../data/kept_views";
import { targetOf } from "../format/ids";
import { pages } from "./pages";

export interface Jump {
  title: string;
  note: string;
  to: string;
}

/** Where a pasted id or a few letters of a page's name lead, best first. */
export function jumpsFor(text: string, views: KeptView[] = []): Jump[] {
  const target = targetOf(text);
  if (target?.what === "position") {
    const [partition] = target.position.split(":");
    return [
      { title: `Record ${target.position}`, note: "Event streams", to: addressOf("events", { partition, record: target.position }) },
      { title: `The log from ${target.position} on, back in time`, note: "Event streams", to: addressOf("events", { from: target.position }) },
      { title: `The log from ${target.position} on, forward`, note: "Event streams", to: addressOf("events", { from: target.position, direction: "forward" }) },
    ];
  }
  if (target?.what === "entity") {
    return [
      { title: `Inspect ${target.entity}`, note: "Entity inspector", to: addressOf(`entities/${target.entity}`) },
      { title: `Events of ${target.entity}`, note: "Event streams", to: addressOf("events", { entity: target.entity }) },
    ];
  }
  if (target?.what === "id") {
    const { id } = target;
    return [
      ...["session", "bond", "user", "character"].map((kind) => ({ title: `Inspect ${kind}/${id}`, note: "Entity inspector", to: addressOf(`entities/${kind}/${id}`) })),
      { title: `User ${id}`, note: "Users & conversations", to: addressOf(`users/${id}`) },
      { title: `Conversation ${id}`, note: "Users & conversations", to: addressOf(`conversations/${id}`) },
      { title: `Events with correlation ${id}`, note: "Event streams", to: addressOf("events", { correlation_id: id }) },
    ];
  }
  const words = text.trim().toLowerCase();
  const found = pages.filter((page) => page.title.toLowerCase().includes(words));
  const jumps = [
    ...views.filter((view) => view.name.toLowerCase().includes(words)).map((view) => ({ title: view.name, note: "kept view", to: view.to })),
    ...found.map((page) => ({ title: page.title, note: `g ${page.key}`, to: addressOf(page.path) })),
  ];
  if (words.length < 2) return jumps;
  return [
    ...jumps,
    { title: `Find the user “${text.trim()}”`, note: "Users & conversations", to: addressOf("users", { q: text.trim() }) },
    { title: `Events of type “${text.trim()}”`, note: "Event streams", to: addressOf("events", { type: text.trim() }) },
  ];
}
