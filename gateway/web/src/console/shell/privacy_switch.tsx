import { useState } from "react";
import { privacy, useMe, usePrivacy } from "../api/console_context";
import type { Privacy } from "../api/types";
import { Icon } from "../components/icon";
import { FullDialog } from "./full_dialog";

const choices: [Privacy, string, string][] = [
  ["none", "None", "No personal content at all"],
  ["masked", "Masked", "Its shape only: every letter and digit is a dot"],
  ["full", "Full", "As it was written; asks for a reason and is audited"],
];

/** How much of what people wrote is shown. */
export function PrivacySwitch() {
  const { mode } = usePrivacy();
  const me = useMe();
  const [asking, setAsking] = useState(false);
  const choose = (next: Privacy) => {
    if (next !== "full") privacy.choose(next);
    else if (mode !== "full") setAsking(true);
  };
  return (
    <>
      <div className="c-segments" role="group" aria-label="Personal content">
        <Icon name="eye" />
        {choices.map(([value, words, meaning]) => {
          const allowed = me.privacy_modes.includes(value);
          return (
            <button key={value} type="button" aria-pressed={mode === value} data-mode={value} disabled={!allowed} onClick={() => choose(value)}
              title={allowed ? meaning : "This server's settings forbid it"}>{words}</button>
          );
        })}
      </div>
      {asking && <FullDialog onClose={() => setAsking(false)} />}
    </>
  );
}
