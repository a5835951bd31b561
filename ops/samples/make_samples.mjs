// Makes the sample characters: <name>.png, a Character Card (V2 in the chunk `chara`, V3 in `ccv3`), from <name>.json and the
// portrait <name>.svg. Needs Node and Chromium (CHROMIUM names another binary). Usage: node make_samples.mjs

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";

const folder = import.meta.dirname;
const chromium = process.env.CHROMIUM ?? "chromium";
const side = 512;
const largestBytes = 200 * 1024;

/** The data of a card: what the persona says, and the fields that readers of cards expect beside it. */
function cardData(persona) {
  return {
    ...persona,
    creator: "Reverie",
    character_version: "1.0",
    system_prompt: "",
    post_history_instructions: "",
    extensions: {},
  };
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** A tEXt chunk; cards are base64 of UTF-8 JSON, as tEXt is Latin-1. */
function cardChunk(keyword, card) {
  const text = Buffer.from(JSON.stringify(card), "utf8").toString("base64");
  return chunk("tEXt", Buffer.from(`${keyword}\0${text}`, "latin1"));
}

function withCard(png, data) {
  const end = png.length - 12; // IEND is the last chunk and has no data.
  if (png.toString("latin1", end + 4, end + 8) !== "IEND") throw new Error("The picture does not end as a PNG should.");
  const v2 = { spec: "chara_card_v2", spec_version: "2.0", data };
  const v3 = { spec: "chara_card_v3", spec_version: "3.0", data: { ...data, group_only_greetings: [] } };
  return Buffer.concat([png.subarray(0, end), cardChunk("chara", v2), cardChunk("ccv3", v3), png.subarray(end)]);
}

function render(svg, png) {
  const flags = ["--headless", "--no-sandbox", "--disable-background-networking", "--hide-scrollbars", "--force-device-scale-factor=1"];
  execFileSync(chromium, [...flags, `--window-size=${side},${side}`, `--screenshot=${png}`, `file://${svg}`], { stdio: "ignore" });
}

const work = mkdtempSync(join(tmpdir(), "samples-"));
try {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    const name = file.slice(0, -".json".length);
    const picture = join(work, `${name}.png`);
    render(join(folder, `${name}.svg`), picture);
    const persona = JSON.parse(readFileSync(join(folder, file), "utf8"));
    const card = withCard(readFileSync(picture), cardData(persona));
    if (card.length > largestBytes) throw new Error(`${name}.png has ${card.length} bytes, over ${largestBytes}.`);
    writeFileSync(join(folder, `${name}.png`), card);
    console.log(`${name}.png: ${card.length} bytes`);
  }
} finally {
  rmSync(work, { recursive: true });
}
