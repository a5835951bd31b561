import { admin, usePrivacy } from "../../api/console_context";
import type { EventRecord, Json } from "../../api/types";
import { DiffView } from "../../components/diff_view";
import { Position } from "../../components/ids";
import { Loaded } from "../../components/states";
import { useRead } from "../../data/use_read";
import { changesBetween } from "../../format/json_diff";
import { plural } from "../../format/numbers";

/** What two records can have in common; hashes and places never are. */
function comparable({ entity, first_sequence, events, cause, epoch, correlation_id, command_id }: EventRecord): Json {
  return { entity, first_sequence, cause: cause && { ...cause }, epoch, correlation_id, command_id, events: events.map(({ type, payload }) => ({ type, payload })) };
}

/** One record against another that was marked before. */
export function EventComparison({ before, after }: { before: string; after: string }) {
  const { mode } = usePrivacy();
  const both = useRead(() => Promise.all([admin.event(before), admin.event(after)]), [before, after]);
  return (
    <Loaded state={both}>
      {([left, right]) => {
        const changes = changesBetween(comparable(left), comparable(right));
        return (
          <>
            <p className="c-changes-note">From <Position position={before} /> to <Position position={after} /> <span className="c-quiet">· {plural(changes.length, "difference")}{mode !== "full" && " in what is shown: texts of one length look alike while they are masked"}</span></p>
            <DiffView changes={changes} />
          </>
        );
      }}
    </Loaded>
  );
}
