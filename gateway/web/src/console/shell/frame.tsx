import { useEffect, useState } from "react";
import { usePlace } from "../address/route";
import { Notices } from "../components/notices";
import { CurrentPage } from "./current_page";
import { ErrorBoundary } from "./error_boundary";
import { FullBand } from "./full_band";
import { Header } from "./header";
import { Help } from "./help";
import { Navigation } from "./navigation";
import { Palette } from "./palette";
import { useShortcuts } from "./shortcuts";
import { ViewsDialog } from "./views_dialog";

export type Overlay = "palette" | "help" | "views" | "";

/** Navigation, header and the page that the address names. */
export function Frame() {
  const place = usePlace();
  const [menu, setMenu] = useState(false);
  const [overlay, setOverlay] = useState<Overlay>("");
  useShortcuts(setOverlay);
  const where = place.parts.join("/");
  useEffect(() => setMenu(false), [where]);
  return (
    <div className="c-frame" data-menu={menu}>
      <a className="c-skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>Skip to the page</a>
      <Navigation parts={place.parts} onClose={() => setMenu(false)} />
      <div className="c-shade" onClick={() => setMenu(false)} />
      <div className="c-side">
        <Header onMenu={() => setMenu(true)} onPalette={() => setOverlay("palette")} onHelp={() => setOverlay("help")} onViews={() => setOverlay("views")} />
        <FullBand />
        <div className="c-main"><ErrorBoundary where={where}><CurrentPage place={place} /></ErrorBoundary></div>
      </div>
      {overlay === "palette" && <Palette onClose={() => setOverlay("")} onViews={() => setOverlay("views")} />}
      {overlay === "help" && <Help onClose={() => setOverlay("")} />}
      {overlay === "views" && <ViewsDialog onClose={() => setOverlay("")} />}
      <Notices />
    </div>
  );
}
