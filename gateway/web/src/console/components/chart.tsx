import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useTimeMode } from "../data/time_mode";
import { clockTime } from "../format/times";

interface Props {
  label: string;
  /** In ms since 1970. */
  times: number[];
  values: (number | null)[];
  format: (value: number) => string;
  tone?: "accent" | "warm" | "quiet";
  height?: number;
  /** The top of the scale is never lower than this. */
  atLeast?: number;
  /** Between two lines of the scale; by tens when it is absent. */
  steps?: number[];
}

/** Between two lines of a scale of things that are counted: there is no half record. */
export const wholeSteps = [1, 2, 5].flatMap((digit) => Array.from({ length: 10 }, (_, power) => digit * 10 ** power)).sort((a, b) => a - b);

/** Between two times on the axis, in s. */
const timeSteps = [5, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200];

const colours = { accent: "--accent", warm: "--warm", quiet: "--quiet" } as const;
const media = window.matchMedia("(prefers-color-scheme: dark)");

function watchTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  media.addEventListener("change", listener);
  return () => {
    observer.disconnect();
    media.removeEventListener("change", listener);
  };
}

/** The theme's name, so that what is painted on a canvas is painted anew when it changes. */
function useThemeName(): string {
  return useSyncExternalStore(watchTheme, () => document.documentElement.dataset.theme ?? (media.matches ? "dark" : "light"));
}

function options(box: HTMLElement, { label, format, tone = "accent", height = 96, atLeast = 1, steps }: Props, zone: "local" | "utc", hover: (index: number | null) => void): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const line = colour(colours[tone]);
  const axis = { stroke: colour("--quiet"), font: "11px system-ui, sans-serif", grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  return {
    width: box.clientWidth || 300,
    height,
    padding: [6, 26, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6, fill: line, stroke: line } },
    scales: { y: { range: (_chart, _low, high) => [0, Math.max(atLeast, (high ?? 0) * 1.15)] } },
    axes: [
      { ...axis, size: 22, gap: 4, space: 72, incrs: timeSteps, grid: { show: false }, values: (_chart, splits, _axis, _space, step) => splits.map((at) => clockTime(new Date(at * 1000).toISOString(), zone).replace(/^.* /, "").slice(0, step < 60 ? 8 : 5)) },
      { ...axis, size: 52, gap: 4, space: 24, ...(steps && { incrs: steps }), values: (_chart, splits) => splits.map(format) },
    ],
    series: [{}, { label, stroke: line, width: 1.5, fill: `${line}1f`, points: { show: false }, spanGaps: false }],
    hooks: { setCursor: [(chart) => hover(chart.cursor.idx ?? null)] },
  };
}

/** One line over time. What it shows is said in words too: its last and its highest value. */
export function Chart(props: Props) {
  const { label, times, values, format } = props;
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const theme = useThemeName();
  const zone = useTimeMode() === "utc" ? "utc" : "local";
  const [at, setAt] = useState<number | null>(null);
  const data = (): uPlot.AlignedData => [latest.current.times.map((time) => time / 1000), latest.current.values];
  useEffect(() => {
    const place = box.current;
    if (!place) return;
    const made = new uPlot(options(place, latest.current, zone, setAt), data(), place);
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: place.clientWidth, height: latest.current.height ?? 96 }));
    observer.observe(place);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [theme, zone]);
  useEffect(() => chart.current?.setData(data()), [times, values]);
  const known = values.filter((value): value is number => value !== null);
  const words = known.length > 0 ? `${label}: now ${format(known.at(-1) ?? 0)}, highest ${format(Math.max(...known))}` : `${label}: no values yet`;
  const pointed = at !== null && values[at] !== null && values[at] !== undefined && times[at] !== undefined;
  return (
    <div className="c-chart">
      <div ref={box} role="img" aria-label={words} />
      {pointed && <p className="c-chart-note" aria-hidden="true">{clockTime(new Date(times[at] as number).toISOString(), zone)} · <b>{format(values[at] as number)}</b></p>}
    </div>
  );
}
