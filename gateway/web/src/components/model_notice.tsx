import { useEffect, useState } from "react";
import type { ModelsStatus } from "../api/types";
import { api } from "../app/session";

/** Says quietly which model plays the characters; nothing at all while that is unknown. */
export function ModelNotice() {
  const [status, setStatus] = useState<ModelsStatus>();
  useEffect(() => {
    api.modelsStatus().then(setStatus, () => undefined);
  }, []);
  if (!status?.chat || status.chat.kind === "external") return null;
  const { chat, embedding } = status;
  const starter = chat.kind === "starter";
  return (
    <details className="model-notice">
      <summary><span className="model-dot" aria-hidden="true" /><span className="model-label">{starter ? "Starter model" : "Scripted replies"}</span></summary>
      <div className="model-more">
        <p><strong>{chat.name}</strong></p>
        <p>{chat.note || (starter ? "A small model that runs on this machine. Its replies are simple." : "Replies are made from rules, as no model is connected.")}</p>
        {embedding?.name && <p className="quiet">Memory search: {embedding.name}</p>}
        <p className="quiet">Connect your own: set <code>REVERIE_MODEL_URL</code> and start again.</p>
      </div>
    </details>
  );
}
