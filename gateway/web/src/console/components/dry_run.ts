import { useState } from "react";
import { describeError } from "../../api/errors";

/**
 * An action that shows what it would do before it asks for the typed words: its preview, what was typed, and whether it runs. Whatever is
 * changed in between takes the preview back.
 */
export function useDryRun<Preview extends { confirm: string }>() {
  const [preview, setPreview] = useState<Preview>();
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  return {
    preview, setPreview, typed, setTyped, reason, setReason, busy, problem,
    confirmed: preview !== undefined && typed.trim() === preview.confirm && reason.trim() !== "",
    confirmation: { confirm: typed.trim(), reason: reason.trim() },
    change: (edit: () => void) => {
      edit();
      setPreview(undefined);
      setTyped("");
    },
    run: async (job: () => Promise<void>) => {
      setBusy(true);
      setProblem("");
      try {
        await job();
      } catch (error) {
        setProblem(describeError(error));
      }
      setBusy(false);
    },
  };
}
