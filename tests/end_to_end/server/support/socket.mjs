// A chat connection by the client library `ws`, which we did not write, with what came in kept in order.
import WebSocket from "ws";

export class Chat {
  /** Connects and signs in by the first frame, as browsers do. */
  static async open(server, token, path = "/api/v1/chat/ws") {
    const chat = new Chat();
    chat.frames = [];
    chat.waiting = [];
    chat.socket = new WebSocket(server.url.replace("http", "ws") + path);
    chat.closed = new Promise((resolve) => chat.socket.once("close", (code) => { chat.fail(`closed with ${code}`); resolve(code); }));
    chat.socket.on("error", () => {}); // followed by close
    chat.socket.on("message", (bytes) => chat.take(JSON.parse(bytes)));
    await new Promise((resolve, reject) => { chat.socket.once("open", resolve); chat.socket.once("error", reject); });
    if (token) {
      chat.send("authenticate", token);
      await chat.next((frame) => frame.type === "ready");
    }
    return chat;
  }

  send(type, content = "", metadata = {}) {
    this.socket.send(JSON.stringify({ type, content, metadata }));
  }

  take(frame) {
    this.frames.push(frame);
    for (const each of [...this.waiting])
      if (each.wanted(frame)) { this.waiting.splice(this.waiting.indexOf(each), 1); each.resolve(frame); }
  }

  fail(why) {
    this.is_closed = why;
    for (const each of this.waiting.splice(0)) each.reject(new Error(`${why}; last frames: ${JSON.stringify(this.frames.slice(-5))}`));
  }

  /** The first frame, come already or to come, that is wanted. */
  next(wanted, from = 0) {
    const found = this.frames.slice(from).find(wanted);
    if (found) return Promise.resolve(found);
    if (this.is_closed) return Promise.reject(new Error(this.is_closed));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no such frame within 30 s; last frames: ${JSON.stringify(this.frames.slice(-8))}`)), 30_000);
      this.waiting.push({ wanted, resolve: (frame) => { clearTimeout(timer); resolve(frame); }, reject: (error) => { clearTimeout(timer); reject(error); } });
    });
  }

  /** Sends a message and resolves to its ack and the reply's last frame. */
  async say(content, metadata, client_message_id = crypto.randomUUID()) {
    const from = this.frames.length;
    this.send("message.send", content, { ...metadata, client_message_id });
    const ack = await this.next((frame) => frame.type === "ack" && frame.metadata.client_message_id === client_message_id, from);
    const reply = await this.next((frame) => frame.type === "reply.completed" || frame.type === "reply.failed", from);
    return { ack, reply, from };
  }

  close() {
    this.socket.close();
    return this.closed;
  }
}
