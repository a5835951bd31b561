import { useState } from "react";
import { describeError } from "../../api/errors";

/** Something that is asked of the server: whether it runs, and in words why it failed. */
export function useJob() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const run = async (job: () => Promise<void>) => {
    setBusy(true);
    setProblem("");
    try {
      await job();
    } catch (error) {
      setProblem(describeError(error));
    }
    setBusy(false);
  };
  return { busy, problem, run };
}
