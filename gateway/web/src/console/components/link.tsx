import type { AnchorHTMLAttributes, MouseEvent } from "react";
import { go } from "../address/route";

interface Props extends AnchorHTMLAttributes<HTMLAnchorElement> {
  to: string;
}

/** A link within the console: a plain click stays on the page, any other does what the browser does. */
export function Link({ to, onClick, ...rest }: Props) {
  const click = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    go(to);
  };
  return <a {...rest} href={to} onClick={click} />;
}
