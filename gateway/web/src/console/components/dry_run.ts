import { useState } from "react";
import { useJob } from "./job";

/**
 * An action that shows what it would do before it asks for the typed words: its preview, what was typed, and whether it runs. Whatever is
 * changed in between takes the preview back.
 */
export function useDryRun<Preview extends { confirm: string }>() {
  const [preview, setPreview] = useState<Preview>();
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const { busy, problem, run } = useJob();
  return {
    preview, setPreview, typed, setTyped, reason, setReason, busy, problem, run,
    confirmed: preview !== undefined && typed.trim() === preview.confirm && reason.trim() !== "",
    confirmation: { confirm: typed.trim(), reason: reason.trim() },
    change: (edit: () => void) => {
      edit();
      setPreview(undefined);
      setTyped("");
    },
  };
}
