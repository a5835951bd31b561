import { ApiError } from "../../api/errors";
import { useEvery } from "./use_every";

const askAgainMs = 5000;

/** Asks again by itself while somebody looks at a failure that passes: no answer at all, or a server that can't give one now. */
export function useAskAgain(error: unknown, again: (() => void) | undefined): void {
  const passing = error instanceof ApiError && (error.status === 0 || error.status === 503) ? error : undefined;
  useEvery(Math.max(askAgainMs, (passing?.retryAfter ?? 0) * 1000), () => {
    if (passing) again?.();
  });
}
