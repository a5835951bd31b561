import { describeError } from "../api/errors";
import type { Character } from "../api/types";
import { fullDate } from "../app/dates";
import { api, useSession } from "../app/session";
import { Avatar } from "./avatar";
import { Icon } from "./icons";

export function AboutPanel({ character }: { character: Character }) {
  const { chat } = useSession();
  const save = async () => {
    try {
      const card = await api.card(character.id);
      const address = URL.createObjectURL(card);
      const link = document.createElement("a");
      link.href = address;
      link.download = `${character.name}.${card.type.includes("png") ? "png" : "json"}`;
      link.click();
      window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
    } catch (error) {
      chat.say(describeError(error));
    }
  };
  return (
    <div className="about">
      <Avatar name={character.name} url={character.avatar_url} size="cover" />
      <h2>{character.name}</h2>
      {character.tagline && <p>{character.tagline}</p>}
      <p className="tags">{character.tags.map((tag) => <span className="tag" key={tag}>{tag}</span>)}</p>
      <p className="quiet">Card version {character.version}, here since {fullDate(character.created_at)}.</p>
      <button type="button" className="button" onClick={() => void save()}><Icon name="download" size={18} />Save the card</button>
    </div>
  );
}
