import { describeError } from "../../api/errors";
import { Icon } from "./icon";
import { notify } from "./notices";

interface Props {
  value: object;
  /** Of the file, without its ending. */
  name: string;
  /** Of what, when it is not one thing that stands beside it. */
  what?: string;
}

const textOf = (value: object) => `${JSON.stringify(value, null, 2)}\n`;

function save(text: string, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `${name.replaceAll(/[^\w.-]+/g, "-")}.json`;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Takes away what is shown, as it is shown: what is masked stays masked. */
export function JsonActions({ value, name, what = "it" }: Props) {
  const copy = () => {
    if (!navigator.clipboard) return notify("This browser copies only on a page served by TLS or from this machine: take the file instead.", true);
    navigator.clipboard.writeText(textOf(value)).then(
      () => notify("Copied as JSON."),
      (error: unknown) => notify(`It could not be copied: ${describeError(error)}`, true),
    );
  };
  return (
    <>
      <button type="button" className="c-icon-button" aria-label="Copy JSON" title={`Copy ${what} as JSON, as shown`} onClick={copy}><Icon name="copy" size={15} /></button>
      <button type="button" className="c-icon-button" aria-label="Download JSON" title={`Take ${what} away as a JSON file, as shown`} onClick={() => save(textOf(value), name)}><Icon name="download" size={15} /></button>
    </>
  );
}
