import { useEffect, useState } from "react";

export type Theme = "system" | "light" | "dark";
const key = "reverie.theme";

export function storedTheme(): Theme {
  const value = window.localStorage.getItem(key);
  return value === "light" || value === "dark" ? value : "system";
}

export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function useTheme(): { dark: boolean; toggle: () => void } {
  const media = window.matchMedia("(prefers-color-scheme: dark)");
  const [theme, setTheme] = useState<Theme>(storedTheme);
  const [systemDark, setSystemDark] = useState(media.matches);
  useEffect(() => {
    const listen = (event: MediaQueryListEvent) => setSystemDark(event.matches);
    media.addEventListener("change", listen);
    return () => media.removeEventListener("change", listen);
  }, [media]);
  const dark = theme === "dark" || (theme === "system" && systemDark);
  const toggle = () => {
    const next: Theme = dark ? "light" : "dark";
    window.localStorage.setItem(key, next);
    applyTheme(next);
    setTheme(next);
  };
  return { dark, toggle };
}
