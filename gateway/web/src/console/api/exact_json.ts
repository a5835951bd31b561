/** What newer engines hand to a reviver beside the value. */
interface Context {
  source?: string;
}

/** Parses JSON; whole numbers that JavaScript can't hold exactly (hashes of 64 bits) become texts with all their digits where the engine tells them. */
export function exactJson(text: string): unknown {
  return JSON.parse(text, ((_name: string, value: unknown, context?: Context) => {
    const lost = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
    return lost && context?.source !== undefined ? context.source : value;
  }) as (name: string, value: unknown) => unknown);
}
