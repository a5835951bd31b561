import { once } from "node:events";
import { createServer } from "node:http";

const letters = "abcdefgh";

/** An OpenAI-shaped endpoint whose vectors count the letters a to h of a text. */
export class LetterEmbeddings {
  /** How many texts were embedded so far. */
  embedded = 0;

  static async start() {
    const made = new LetterEmbeddings();
    made.http = createServer((request, response) => made.answer(request, response));
    made.http.listen(0, "127.0.0.1");
    await once(made.http, "listening");
    return made;
  }

  /** Settings of a server that is to build vectors by it beside those in use. */
  get environment() {
    return {
      REVERIE_NEXT_EMBEDDING_URL: `http://127.0.0.1:${this.http.address().port}/v1`,
      REVERIE_NEXT_EMBEDDING_MODEL: "letters",
      REVERIE_NEXT_EMBEDDING_DIMENSION: String(letters.length),
    };
  }

  async answer(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const texts = [JSON.parse(Buffer.concat(chunks).toString()).input].flat();
    this.embedded += texts.length;
    const vector = (text) => [...letters].map((letter) => text.toLowerCase().split(letter).length - 1 + 0.01);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ object: "list", model: "letters", data: texts.map((text, index) => ({ object: "embedding", index, embedding: vector(text) })) }));
  }

  close() {
    this.http.closeAllConnections();
    this.http.close();
  }
}
