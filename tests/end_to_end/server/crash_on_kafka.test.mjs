// The crash test, word for word, with the log in a real Kafka.
import { after } from "node:test";
import { Broker } from "./support/broker.mjs";

const broker = new Broker();
after(() => broker.destroy());
process.env.REVERIE_LOG = broker.url;
process.env.REVERIE_PARTITIONS = "4";
process.env.REVERIE_CRASHES ??= "8";
await import("./crash.test.mjs");
