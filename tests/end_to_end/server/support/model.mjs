// An OpenAI-compatible chat endpoint whose answers a test gives: it says what it is told to and notices who hangs up.
import { createServer } from "node:http";
import { once } from "node:events";

export class Model {
  /** `answer(call)` is run for each reply that is asked for; `call` has `say(text)`, `end()`, `raw(text)` and `gone`, a promise of the caller's
   *  hanging up. Questions about facts go to `model.facts(question)`, which gives the text of the answer; without it they are refused. */
  static async create(answer) {
    const model = new Model();
    model.calls = 0;
    model.http = createServer((request, response) => {
      const chunks = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", async () => {
        const body = JSON.parse(Buffer.concat(chunks).toString());
        if (body.response_format) {
          const content = await model.facts?.(body);
          response.writeHead(content === undefined ? 400 : 200, { "content-type": "application/json" });
          response.end(JSON.stringify(content === undefined ? { error: { message: "no facts here" } }
            : { choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }] }));
          return;
        }
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
