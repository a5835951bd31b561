import type { ReactNode } from "react";

export type Tone = "good" | "warn" | "bad" | "plain" | "accent";

/** A state in a word; the tone never says it alone. */
export function Badge({ tone = "plain", children, title }: { tone?: Tone; children: ReactNode; title?: string }) {
  return <span className="c-badge" data-tone={tone} title={title}>{children}</span>;
}

export function Dot({ tone }: { tone: Tone }) {
  return <span className="c-dot" data-tone={tone} aria-hidden="true" />;
}
