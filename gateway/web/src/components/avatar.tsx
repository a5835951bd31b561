import { useState } from "react";

interface Props {
  name: string;
  url: string | null | undefined;
  size?: "small" | "medium" | "large" | "cover";
}

/** A picture, or the first letter on a colour that the name decides. */
export function Avatar({ name, url, size = "medium" }: Props) {
  const [broken, setBroken] = useState("");
  const classes = `avatar avatar-${size}`;
  if (url && broken !== url) {
    return <img className={classes} src={url} alt="" loading="lazy" decoding="async" onError={() => setBroken(url)} />;
  }
  const hue = [...name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % 6;
  return (
    <span className={`${classes} avatar-letter avatar-hue-${hue}`} aria-hidden="true">
      {[...name.trim()][0]?.toUpperCase() ?? "?"}
    </span>
  );
}
