/** A frame of the chat WebSocket, in both directions. */
export interface Frame {
  type: string;
  content: string;
  metadata: Record<string, unknown>;
}

/** Reads a server's frame; undefined for what is none. Missing parts read as empty, so that newer servers stay readable. */
export function parseFrame(text: unknown): Frame | undefined {
  if (typeof text !== "string") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { type, content, metadata } = value as Record<string, unknown>;
  if (typeof type !== "string") return undefined;
  const known = typeof metadata === "object" && metadata !== null && !Array.isArray(metadata);
  return { type, content: typeof content === "string" ? content : "", metadata: known ? (metadata as Record<string, unknown>) : {} };
}

export function textOf(frame: Frame, name: string): string {
  const value = frame.metadata[name];
  return typeof value === "string" ? value : "";
}

export function numberOf(frame: Frame, name: string, otherwise: number): number {
  const value = frame.metadata[name];
  return typeof value === "number" ? value : otherwise;
}
