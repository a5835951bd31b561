import { useSyncExternalStore } from "react";
import { base } from "../address/route";

/** An address below the console with its filters, under a name that the operator gave it. */
export interface KeptView {
  name: string;
  to: string;
}

export const keptViewsMax = 30;
export const viewNameMax = 60;
const key = "reverie.console.views";
/** What was searched for may be a person's name: the browser keeps none of that. */
const neverKept = ["q", "actor"];

/** The address without words that were searched for. */
export function keepable(address: string): string {
  const at = address.indexOf("?");
  if (at < 0) return address;
  const query = new URLSearchParams(address.slice(at));
  for (const name of neverKept) query.delete(name);
  const text = query.toString();
  return address.slice(0, at) + (text ? `?${text}` : "");
}

/** What the browser kept, as far as it is what this page would have written. */
export function viewsIn(text: string | null): KeptView[] {
  let found: unknown;
  try {
    found = JSON.parse(text ?? "[]");
  } catch {
    return [];
  }
  const isView = (each: unknown): each is KeptView => typeof each === "object" && each !== null && typeof (each as KeptView).name === "string" && typeof (each as KeptView).to === "string" && ((each as KeptView).to === base || /^\/console[/?]/.test((each as KeptView).to));
  return Array.isArray(found) ? found.filter(isView).slice(0, keptViewsMax) : [];
}

function read(): KeptView[] {
  try {
    return viewsIn(window.localStorage.getItem(key));
  } catch {
    return [];
  }
}

let current: KeptView[] | undefined;
const listeners = new Set<() => void>();

const views = () => (current ??= read());

function become(next: KeptView[]): void {
  current = next;
  try {
    window.localStorage.setItem(key, JSON.stringify(next));
  } catch {
    // Storage is forbidden or full: they hold until the page is left.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** One of the same name takes the place of the one before. */
export function keepView(name: string, address: string): void {
  const view = { name: name.trim().slice(0, viewNameMax), to: keepable(address) };
  if (view.name !== "") become([...views().filter((each) => each.name !== view.name), view].slice(-keptViewsMax));
}

export function dropView(name: string): void {
  become(views().filter((each) => each.name !== name));
}

export function useKeptViews(): KeptView[] {
  return useSyncExternalStore(subscribe, views);
}
