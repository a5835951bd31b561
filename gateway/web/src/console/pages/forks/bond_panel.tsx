import type { Standing, Timelines } from "../../api/types";
import { Badge, type Tone } from "../../components/badge";
import { Panel } from "../../components/panel";
import { plural } from "../../format/numbers";

const tones: Record<Standing, Tone> = { holds: "good", ended: "warn", absent: "plain" };
const words: Record<Standing, string> = { holds: "knows it", ended: "no longer so", absent: "does not know" };

function Axis({ of }: { of: Timelines["bond"]["axes"][number] }) {
  const bar = (value: number) => ({ "--share": Math.min(1, Math.max(0, value)) }) as React.CSSProperties;
  return (
    <tr>
      <th scope="row">{of.axis}</th>
      <td>{of.at_fork.toFixed(3)}</td>
      <td><span className="c-axis" data-side="original" style={bar(of.original)}>{of.original.toFixed(3)}</span></td>
      <td><span className="c-axis" data-side="fork" style={bar(of.fork)}>{of.fork.toFixed(3)}</span></td>
    </tr>
  );
}

/** What became of the bond on each side: how the character feels, and what only one of the two knows. */
export function BondPanel({ bond }: { bond: Timelines["bond"] }) {
  return (
    <div className="c-two">
      <Panel title="How the character feels">
        {bond.axes.length === 0 ? <p className="c-quiet c-pad">Nothing has moved it yet, on either side.</p> : (
          <div className="c-scroll-x">
            <table className="c-plain-table c-axes">
              <thead><tr><th scope="col">Axis</th><th scope="col">At the fork</th><th scope="col">Original</th><th scope="col">Fork</th></tr></thead>
              <tbody>{bond.axes.map((each) => <Axis key={each.axis} of={each} />)}</tbody>
            </table>
          </div>
        )}
      </Panel>
      <Panel title="What only one side knows" aside={<span className="c-quiet c-small">{plural(bond.facts.length, "fact")}</span>}>
        {bond.facts.length === 0 ? <p className="c-quiet c-pad">Both know the same.</p> : (
          <ul className="c-fork-facts">
            {bond.facts.map((each) => (
              <li key={each.memory_id}>
                <span>{each.text ?? <span className="c-quiet">not shown</span>} <span className="c-quiet c-small">{each.attribute}</span></span>
                <span className="c-fork-sides"><Badge tone={tones[each.original]}>original: {words[each.original]}</Badge><Badge tone={tones[each.fork]}>fork: {words[each.fork]}</Badge></span>
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </div>
  );
}
