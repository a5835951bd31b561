import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { describeError } from "../api/errors";
import type { Character } from "../api/types";
import { api, useSession } from "../app/session";
import { Icon } from "./icons";

interface CardImport {
  choose: () => void;
  dropTarget: {
    onDragEnter: (event: DragEvent) => void;
    onDragOver: (event: DragEvent) => void;
    onDragLeave: (event: DragEvent) => void;
    onDrop: (event: DragEvent) => void;
  };
  overlay: ReactNode;
}

const largest = 4 * 1024 * 1024;

function mediaType(file: File): string | undefined {
  if (file.type === "image/png" || /\.png$/i.test(file.name)) return "image/png";
  if (file.type === "application/json" || /\.json$/i.test(file.name)) return "application/json";
  return undefined;
}

/** Imports character cards (PNG or JSON), chosen or dropped anywhere on the page. */
export function useCardImport(onImported: (character: Character) => void): CardImport {
  const { chat } = useSession();
  const input = useRef<HTMLInputElement>(null);
  const depth = useRef(0);
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState("");

  async function take(files: FileList | null) {
    for (const file of Array.from(files ?? [])) {
      const type = mediaType(file);
      if (!type) chat.say(`“${file.name}” is not a character card: a PNG or JSON file is needed.`);
      else if (file.size > largest) chat.say(`“${file.name}” is larger than the 4 MiB that a card may have.`);
      else await send(file, type);
    }
  }

  async function send(file: File, type: string) {
    setBusy(file.name);
    try {
      const character = await api.importCard(file, type);
      onImported(character);
      chat.say(`${character.name} has arrived.`);
    } catch (error) {
      chat.say(`“${file.name}”: ${describeError(error)}`);
    } finally {
      setBusy("");
    }
  }

  const holdsFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  const move = (event: DragEvent, by: number) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth.current += by;
    setOver(depth.current > 0);
  };
  const dropTarget = {
    onDragEnter: (event: DragEvent) => move(event, 1),
    onDragLeave: (event: DragEvent) => move(event, -1),
    onDragOver: (event: DragEvent) => move(event, 0),
    onDrop: (event: DragEvent) => {
      move(event, -depth.current);
      if (holdsFiles(event)) void take(event.dataTransfer.files);
    },
  };
  const overlay = (
    <>
      <input ref={input} type="file" className="hidden" accept=".png,.json,image/png,application/json" multiple tabIndex={-1}
        aria-label="Character card" data-testid="card-input"
        onChange={(event) => { void take(event.currentTarget.files); event.currentTarget.value = ""; }} />
      {(over || busy) && (
        <div className="drop" role="status">
          <div className="drop-box"><Icon name="upload" size={32} />{busy ? `Importing ${busy}…` : "Drop the card to meet them"}</div>
        </div>
      )}
    </>
  );
  return { choose: () => input.current?.click(), dropTarget, overlay };
}
