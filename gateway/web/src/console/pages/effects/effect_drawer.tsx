import type { ReactNode } from "react";
import { addressOf } from "../../address/route";
import type { Effect } from "../../api/types";
import { Badge } from "../../components/badge";
import { Drawer } from "../../components/drawer";
import { EntityId, Id } from "../../components/ids";
import { JsonActions } from "../../components/json_actions";
import { Link } from "../../components/link";
import { Facts } from "../../components/panel";
import { Moment } from "../../components/times";
import { count } from "../../format/numbers";

interface Props {
  effect: Effect;
  /** The button that tries it again, when it has failed. */
  retry: ReactNode;
  onClose: () => void;
}

/** One effect: what it is for, what caused it, and its problem at full length. */
export function EffectDrawer({ effect: of, retry, onClose }: Props) {
  return (
    <Drawer title={of.kind} onClose={onClose} foot={<>{retry}<Link className="c-button" to={addressOf(`entities/${of.entity}`, { view: "effects" })}>Inspect the entity</Link></>}>
      <div className="c-drawer-tools"><JsonActions value={of} name={`effect-${of.id}`} /></div>
      {of.problem && <p className="c-problem">{of.problem}</p>}
      <Facts items={[
        ["State", <Badge key="s" tone={of.state === "failed" ? "bad" : "plain"}>{of.state}</Badge>],
        ["Attempts", count(of.attempts)],
        ["Since", <Moment key="t" at={of.since} />],
        ["Partition", <Link key="p" className="c-link" to={addressOf("partitions", { partition: of.partition })}>{of.partition}</Link>],
        ["For", <EntityId key="e" entity={of.entity} />],
        ["Caused by", of.cause ? <EntityId key="c" entity={of.cause.entity} sequence={of.cause.sequence} /> : "–"],
        ["Id", <Id key="i" id={of.id} />],
      ]} />
      <p className="c-quiet c-small">An effect is what the server does outside: it asks a model, embeds a memory. It waits here until its outcome is an event; a restart takes it up again.</p>
    </Drawer>
  );
}
