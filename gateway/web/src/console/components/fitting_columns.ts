import type { Column } from "./table";

/** As the style sheet has them, in px. */
const [columnGap, rowPadding] = [20, 20];

/** The least width of a CSS grid track that is given in px, alone or as the first of a minmax. */
export function leastWidth(track: string): number {
  return Number(/^(?:minmax\()?(\d+)px/.exec(track)?.[1] ?? 0);
}

/** The columns that there is room for. The first line of a card and buttons always stay. */
export function fittingColumns<T>(columns: Column<T>[], width: number): Column<T>[] {
  const shown = columns.filter((column) => width >= (column.from ?? 0));
  const room = () => shown.reduce((all, column) => all + leastWidth(column.width), rowPadding + columnGap * (shown.length - 1));
  const mayGo = shown.map((column, index) => ({ column, index })).filter(({ column }) => column.phone !== "title" && column.title !== "")
    .sort((a, b) => (b.column.from ?? 0) - (a.column.from ?? 0) || b.index - a.index);
  for (const { column } of mayGo) {
    if (room() <= width) break;
    shown.splice(shown.indexOf(column), 1);
  }
  return shown;
}
