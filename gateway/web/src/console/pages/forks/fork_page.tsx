import { type ReactNode, useEffect, useState } from "react";
import { describeError } from "../../../api/errors";
import { addressOf } from "../../address/route";
import { admin } from "../../api/console_context";
import type { TimelineMessage, TimelineSide, Timelines } from "../../api/types";
import { Badge } from "../../components/badge";
import { CopyButton, Id } from "../../components/ids";
import { Icon } from "../../components/icon";
import { Link } from "../../components/link";
import { notify } from "../../components/notices";
import { Page } from "../../components/page";
import { Facts } from "../../components/panel";
import { Loaded } from "../../components/states";
import { Time } from "../../components/times";
import { useEvery } from "../../data/use_every";
import { useRead } from "../../data/use_read";
import { count, plural } from "../../format/numbers";
import { BondPanel } from "./bond_panel";
import { SayForm } from "./say_form";
import { TimelineBubble } from "./timeline";

/** How often a fork is asked whether it went on; its texts are read again only when it did, since each reading is written down. */
const lookEveryMs = 1000;
/** Of what both share so much stands above where they part. */
const sharedShown = 2;

function Side({ title, note, of, onAgain, children }: { title: string; note: ReactNode; of: TimelineSide; onAgain?: (message: TimelineMessage) => void; children?: ReactNode }) {
  return (
    <section className="c-side-timeline" aria-label={title}>
      <header><h2>{title}</h2>{note}</header>
      {of.messages.length === 0 && <p className="c-quiet c-pad">Nothing was said here since.</p>}
      <div className="c-side-talk">{of.messages.map((message) => <TimelineBubble key={message.id} message={message} onAgain={onAgain} />)}</div>
      {of.total > of.messages.length && <p className="c-quiet c-small c-pad">{plural(of.total - of.messages.length, "later message is", "later messages are")} not shown.</p>}
      {children}
    </section>
  );
}

function Compared({ of, id, onChange }: { of: Timelines; id: string; onChange: () => void }) {
  const [whole, setWhole] = useState(false);
  const again = async (message: TimelineMessage) => {
    try {
      await admin.regenerateInFork(id, message.id);
      onChange();
    } catch (error) {
      notify(describeError(error), true);
    }
  };
  const skipped = of.shared.total - of.shared.messages.length;
  return (
    <>
      <Facts items={[
        ["Copied after event", <Link key="a" className="c-link" to={addressOf(`entities/session/${of.of.origin_id}`, { at: of.of.origin_sequence })}>{count(of.of.origin_sequence)}</Link>],
        ["As it was at", <Time key="t" at={of.of.origin_at} />],
        ["Answered by", of.of.model ? <span key="m" className="c-mono">{of.of.model}</span> : <span key="m" className="c-quiet">the server's own model</span>],
        ["Original", <Id key="o" id={of.of.origin_id} to={addressOf(`conversations/${of.of.origin_id}`)} />],
        ["User", <Id key="u" id={of.of.user_id} to={addressOf(`users/${of.of.user_id}`)} />],
        ["State", <Badge key="s" tone={of.of.state === "open" ? "good" : "plain"}>{of.of.state}</Badge>],
      ]} />
      <section className="c-shared" aria-label="What both share">
        {of.shared.total > sharedShown && (
          <button type="button" className="c-disclose" aria-expanded={whole} onClick={() => setWhole(!whole)}><Icon name={whole ? "open" : "right"} size={13} />{plural(of.shared.total, "message")} before, the same on both sides</button>
        )}
        {whole && skipped > 0 && <p className="c-quiet c-small">{plural(skipped, "earlier message is", "earlier messages are")} not shown.</p>}
        <div className="c-talk">{(whole ? of.shared.messages : of.shared.messages.slice(-sharedShown)).map((message) => <TimelineBubble key={message.id} message={message} />)}</div>
      </section>
      <div className="c-parting"><Icon name="fork" size={18} /><span>Here they part</span></div>
      <div className="c-timelines">
        <Side title="Original" of={of.original} note={<span className="c-quiet c-small">{plural(of.original.total, "message")} since</span>} />
        <Side title="Fork" of={of.fork} note={<span className="c-quiet c-small">{plural(of.fork.total, "message")} since{of.fork.replying ? " · answering…" : ""}</span>} onAgain={of.of.state === "open" && !of.fork.replying ? (message) => void again(message) : undefined}>
          {of.of.state === "open" ? <SayForm fork={id} waiting={of.fork.replying} onSaid={onChange} /> : <p className="c-quiet c-pad">This fork is closed.</p>}
        </Side>
      </div>
      <BondPanel bond={of.bond} />
    </>
  );
}

/** A fork beside what it was copied from. */
export function ForkPage({ id }: { id: string }) {
  const timelines = useRead(() => admin.timelines(id), [id]);
  const [closing, setClosing] = useState(false);
  const { again } = timelines;
  const shown = timelines.data;
  const standing = useRead(() => admin.forkStanding(id), [id]);
  useEvery(lookEveryMs, standing.again);
  const known = standing.data;
  useEffect(() => {
    if (!shown || !known) return;
    if (known.last_sequence !== shown.fork.last_sequence || known.state !== shown.of.state) again();
  }, [known, shown, again]);
  const close = async () => {
    setClosing(true);
    try {
      await admin.closeFork(id);
      notify("The fork is closed.");
      standing.again();
    } catch (error) {
      notify(describeError(error), true);
    }
    setClosing(false);
  };
  return (
    <Page title="Fork" note={<><span className="c-mono c-cut">{id}</span><CopyButton text={id} /></>} trail={<><Link className="c-link" to={addressOf("forks")}>Forks</Link> <span className="c-quiet">/ both timelines</span></>}
      actions={
        <>
          <button type="button" className="c-button" onClick={again}>Read again</button>
          <Link className="c-button" to={addressOf(`entities/forked_session/${id}`)}>Inspect</Link>
          <Link className="c-button" to={addressOf("events", { entity: `forked_session/${id}` })}>Its records</Link>
          {shown?.of.state === "open" && <button type="button" className="c-button" disabled={closing} onClick={() => void close()}>Close the fork</button>}
        </>
      }>
      <Loaded state={timelines} rows={8}>{(of) => <Compared of={of} id={id} onChange={standing.again} />}</Loaded>
    </Page>
  );
}
