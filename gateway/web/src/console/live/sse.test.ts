import { describe, expect, it } from "vitest";
import { readEvents, type ServerEvent, SseParser } from "./sse";

const stream = ': hello\n\nevent: overview\ndata: {"a":1}\n\ndata: one\ndata: two\r\n\r\nid: 7\nevent: lost\n\nevent: effects\rdata:{"b":2}\r\rdata: cut';

describe("a stream of events", () => {
  const wanted: ServerEvent[] = [
    { name: "", data: "" },
    { name: "overview", data: '{"a":1}' },
    { name: "message", data: "one\ntwo" },
    { name: "effects", data: '{"b":2}' },
  ];

  it("is the same in whatever pieces it comes", () => {
    for (let size = 1; size <= stream.length; ++size) {
      const parser = new SseParser();
      const found: ServerEvent[] = [];
      for (let at = 0; at < stream.length; at += size) found.push(...parser.push(stream.slice(at, at + size)));
      expect(found).toEqual(wanted);
    }
  });

  it("is read from a response, also where a letter is cut in two", async () => {
    const bytes = new TextEncoder().encode("data: caf\u00e9 \u{1F9E1}\n\n");
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    const found: ServerEvent[] = [];
    await readEvents(new Response(body), (event) => found.push(event));
    expect(found).toEqual([{ name: "message", data: "caf\u00e9 \u{1F9E1}" }]);
  });
});
