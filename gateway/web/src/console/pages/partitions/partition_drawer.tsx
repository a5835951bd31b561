import { addressOf } from "../../address/route";
import { admin } from "../../api/console_context";
import type { Partition } from "../../api/types";
import { Drawer } from "../../components/drawer";
import { Id, Position } from "../../components/ids";
import { Link } from "../../components/link";
import { Facts } from "../../components/panel";
import { Failed, Skeleton } from "../../components/states";
import { Time } from "../../components/times";
import { usePages } from "../../data/use_pages";
import { bytes, count } from "../../format/numbers";

/** All of one partition, and who owned it when. */
export function PartitionDrawer({ partition: of, onClose }: { partition: Partition; onClose: () => void }) {
  // A new epoch is a new first line.
  const epochs = usePages((cursor) => admin.epochs(of.partition, cursor), [of.partition, of.epoch]);
  return (
    <Drawer title={`Partition ${of.partition}`} onClose={onClose} foot={
      <>
        <Link className="c-button" to={addressOf("events", { partition: of.partition })}>Its events</Link>
        <Link className="c-button" to={addressOf("events", { partition: of.partition, direction: "forward" })}>From its beginning</Link>
        {of.checkpoint && <Link className="c-button" to={addressOf("events", { from: `${of.partition}:${of.checkpoint.offset}`, direction: "forward" })}>Since the checkpoint</Link>}
      </>
    }>
      {of.reason && <p className="c-problem">{of.reason}</p>}
      <Facts items={[
        ["Owner", <span key="o"><span className="c-mono">{of.node ?? "nobody"}</span>{of.here === false && of.serving && <span className="c-quiet"> · asked over the network</span>}</span>],
        ["Writer", of.writer ? <Id key="w" id={of.writer} /> : "–"],
        ["Epoch", count(of.epoch)],
        ["Log", `${count(of.log_begin)} – ${count(of.log_end)}`],
        ["Applied up to", count(of.applied_next)],
        ["Records that count", count(of.counted)],
        ["Fenced", count(of.fenced)],
        ["Repeated", count(of.repeated)],
        ["Gaps", count(of.gaps)],
        ["Live entities", count(of.live_entities)],
        ["Parked entities", count(of.parked_entities)],
        ["Commands under way", count(of.commands_in_flight)],
        ["Pending effects", count(of.pending_effects)],
      ]} />
      <h3>Checkpoint</h3>
      {of.checkpoint ? <Facts items={[["Written", <Time key="t" at={of.checkpoint.at} />], ["At offset", count(of.checkpoint.offset)], ["Generations kept", count(of.checkpoint.generations)], ["Size", bytes(of.checkpoint.bytes)]]} />
        : <p className="c-quiet">None has been written yet. After a restart the log is read from its beginning.</p>}
      <h3>Epochs</h3>
      {epochs.loading && <Skeleton rows={3} />}
      {epochs.error !== undefined && <Failed error={epochs.error} again={epochs.again} inline />}
      <ol className="c-epochs" aria-label="Epochs, newest first">
        {epochs.items.map((epoch) => (
          <li key={epoch.epoch}>
            <span className="c-epoch">{epoch.epoch}</span>
            <div>
              <p><span className="c-mono">{epoch.node}</span> <span className="c-quiet c-small">writer</span> <Id id={epoch.writer} /></p>
              <p className="c-quiet c-small"><Time at={epoch.at} /> at <Position position={epoch.position} /></p>
            </div>
          </li>
        ))}
      </ol>
      {epochs.hasMore && <button type="button" className="c-button" onClick={epochs.more}>Earlier epochs</button>}
    </Drawer>
  );
}
