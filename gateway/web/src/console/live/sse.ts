/** One event of a stream of server-sent events; comments are given as events named "" without data. */
export interface ServerEvent {
  name: string;
  data: string;
}

/** Splits a stream of server-sent events into events. Pieces may end anywhere, also within a line ending. */
export class SseParser {
  private rest = "";
  private name = "";
  private data: string[] = [];

  push(piece: string): ServerEvent[] {
    const found: ServerEvent[] = [];
    const text = this.rest + piece;
    let from = 0;
    for (;;) {
      const end = nextEnd(text, from);
      if (end === undefined) break;
      const line = text.slice(from, end.at);
      from = end.after;
      const event = this.take(line);
      if (event) found.push(event);
    }
    this.rest = text.slice(from);
    return found;
  }

  private take(line: string): ServerEvent | undefined {
    if (line === "") {
      const event = this.data.length > 0 ? { name: this.name || "message", data: this.data.join("\n") } : undefined;
      this.name = "";
      this.data = [];
      return event;
    }
    if (line.startsWith(":")) return { name: "", data: "" };
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.name = value;
    else if (field === "data") this.data.push(value);
    return undefined;
  }
}

/** The next line ending; undefined while it is not whole (a CR at the end may be half of CR LF). */
function nextEnd(text: string, from: number): { at: number; after: number } | undefined {
  for (let i = from; i < text.length; ++i) {
    if (text[i] === "\n") return { at: i, after: i + 1 };
    if (text[i] !== "\r") continue;
    if (i + 1 === text.length) return undefined;
    return { at: i, after: text[i + 1] === "\n" ? i + 2 : i + 1 };
  }
  return undefined;
}

/** Reads a response's body as events until it ends; fails as the body does. */
export async function readEvents(response: Response, take: (event: ServerEvent) => void): Promise<void> {
  const reader = response.body?.getReader();
  if (!reader) return;
  const decoder = new TextDecoder();
  const parser = new SseParser();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    for (const event of parser.push(decoder.decode(value, { stream: true }))) take(event);
  }
}
