// An OpenAI-compatible chat endpoint whose answers a test gives: it says what it is told to and notices who hangs up.
import { createServer } from "node:http";
import { once } from "node:events";

export class Model {
  /** `answer(call)` is run for each request; `call` has `say(text)`, `end()`, `raw(text)` and `gone`, a promise of the caller's hanging up. */
  static async create(answer) {
    const model = new Model();
    model.calls = 0;
    model.http = createServer((request, response) => {
      request.resume();
      request.on("end", () => {
        ++model.calls;
        const event = (data) => response.write(`data: ${data}\n\n`);
        let ended = false;
        const call = {
          say: (text) => event(JSON.stringify({ choices: [{ index: 0, delta: { content: text } }] })),
          end: () => {
            ended = true;
            event(JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }));
            event("[DONE]");
            response.end();
          },
          raw: (text) => { ended = true; response.end(text); },
          gone: new Promise((resolve) => response.on("close", () => { if (!ended) resolve(); })),
        };
        response.writeHead(200, { "content-type": "text/event-stream" });
        answer(call);
      });
    });
    model.http.listen(0, "127.0.0.1");
    await once(model.http, "listening");
    model.flags = ["--model-url", `http://127.0.0.1:${model.http.address().port}/v1`, "--model-name", "fake"];
    return model;
  }

  close() {
    this.http.closeAllConnections();
    this.http.close();
  }
}
