const firstMs = 400;
const longestMs = 15_000;

/** How long to wait before attempt `n` (0, 1, 2 …): exponential, with jitter over the upper half; `random` in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
