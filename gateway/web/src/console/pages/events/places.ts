/** A place in the log as "partition:offset"; undefined for anything else. */
export function placeIn(text: string): { partition: number; offset: number } | undefined {
  const found = /^(\d{1,6}):(\d{1,15})$/.exec(text.trim());
  return found ? { partition: Number(found[1]), offset: Number(found[2]) } : undefined;
}

/** Where a search that begins at a place begins, in the words of the server's cursors: the record there is the first, in either order. */
export function cursorAt({ partition, offset }: { partition: number; offset: number }, forward: boolean): string {
  return forward ? `f,${partition}:${offset}` : `b,${partition}:${offset + 1}`;
}
