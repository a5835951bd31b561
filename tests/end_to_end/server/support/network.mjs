// A network of its own for one node (a Linux network namespace), with three ways out that can each be cut, also in one direction only: to people,
// to the brokers, and to the other nodes. What is cut is not refused: it vanishes, as between machines. Needs root and iproute2.
import { execFileSync } from "node:child_process";

const ip = (...words) => execFileSync("ip", words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const nobody = "02:00:00:00:00:01"; // what is sent to this address on a wire is nobody's

export class Network {
  /** Resolves to a network; throws an error with what is missing here. */
  static create() {
    const network = new Network();
    network.name = `reverie-${process.pid}`;
    // 198.18.0.0/15 is kept for tests of networks: nothing else is there.
    const block = `198.${18 + (process.pid & 1)}.${(process.pid >> 1) & 255}`;
    try {
      ip("netns", "add", network.name);
      ip("-n", network.name, "link", "set", "lo", "up");
      network.people = network.way("p", block, 0);
      network.brokers = network.way("b", block, 4);
      network.nodes = network.way("n", block, 8);
    } catch (error) {
      network.destroy();
      throw new Error(`no network namespace can be made here (root and iproute2 are needed): ${String(error.stderr || error.message).trim()}`);
    }
    return network;
  }

  /** A pair of devices, one inside, one outside, in a net of their own. */
  way(letter, block, first) {
    const [outside, inside] = [`rv${process.pid}${letter}o`, `rv${process.pid}${letter}i`];
    const way = { outside, inside, here: `${block}.${first + 1}`, there: `${block}.${first + 2}` };
    ip("link", "add", outside, "type", "veth", "peer", "name", inside, "netns", this.name);
    ip("addr", "add", `${way.here}/30`, "dev", outside);
    ip("link", "set", outside, "up");
    ip("-n", this.name, "addr", "add", `${way.there}/30`, "dev", inside);
    ip("-n", this.name, "link", "set", inside, "up");
    const address_of = (shown) => shown.match(/link\/ether (\S+)/)[1];
    way.here_at = address_of(ip("link", "show", outside));
    way.there_at = address_of(ip("-n", this.name, "link", "show", inside));
    return way;
  }

  /** Words that start a program inside. */
  get within() { return ["ip", "netns", "exec", this.name]; }

  /** Cuts a way: what goes `out` of the node, what comes `in`, or both. */
  cut(way, { out = true, into = true } = {}) {
    if (out) ip("-n", this.name, "neigh", "replace", way.here, "lladdr", nobody, "dev", way.inside, "nud", "permanent");
    if (into) ip("neigh", "replace", way.there, "lladdr", nobody, "dev", way.outside, "nud", "permanent");
  }

  mend(way) {
    ip("-n", this.name, "neigh", "replace", way.here, "lladdr", way.here_at, "dev", way.inside, "nud", "permanent");
    ip("neigh", "replace", way.there, "lladdr", way.there_at, "dev", way.outside, "nud", "permanent");
  }

  destroy() {
    for (const words of [["link", "del", this.people?.outside], ["link", "del", this.brokers?.outside], ["link", "del", this.nodes?.outside], ["netns", "del", this.name]])
      try {
        if (words[2]) ip(...words);
      } catch {} // it goes with the namespace, or was never made
  }
}
