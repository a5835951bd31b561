import type { Character } from "../api/types";
import type { Library } from "../app/library";
import { useSession } from "../app/session";
import { Avatar } from "./avatar";
import { Icon } from "./icons";
import { ModelNotice } from "./model_notice";
import { ThemeButton } from "./theme_button";

interface Props {
  library: Library;
  missing: boolean;
  opening: string;
  onTalk: (character: Character) => void;
  onImport: () => void;
}

/** The first page: everybody there is to talk to. */
export function CharacterGallery({ library, missing, opening, onTalk, onImport }: Props) {
  const { user, signOut } = useSession();
  return (
    <div className="gallery">
      <header className="gallery-bar">
        <span className="brand"><img src="/moon.svg" alt="" width={28} height={28} />Reverie</span>
        <span className="spacer" />
        <ModelNotice />
        <span className="phone-only"><ThemeButton /></span>
        <button type="button" className="icon-button phone-only" aria-label="Sign out" onClick={signOut}><Icon name="leave" /></button>
      </header>
      <div className="gallery-head">
        <h1>Who would you like to talk to, {user.name}?</h1>
        <p className="quiet">They remember what you tell them, and you can see and change what they remember.</p>
      </div>
      {missing && <p className="problem" role="alert">That conversation is not here. Choose a character to start another one.</p>}
      {library.problem && (
        <p className="problem" role="alert">{library.problem} <button type="button" className="link" onClick={() => void library.reload()}>Try again</button></p>
      )}
      <ul className="cards">
        {library.loading && library.characters.length === 0 && [0, 1, 2, 3].map((key) => <li key={key} className="card skeleton card-skeleton" aria-hidden="true" />)}
        {library.characters.map((character) => (
          <li key={character.id}>
            <CharacterCard character={character} library={library} busy={opening === character.id} onTalk={onTalk} />
          </li>
        ))}
        <li>
          <button type="button" className="card card-import" onClick={onImport}>
            <Icon name="upload" size={28} />
            <strong>Import a character</strong>
            <span className="quiet">Choose a card (PNG or JSON), or drop one anywhere.</span>
          </button>
        </li>
      </ul>
    </div>
  );
}

function CharacterCard({ character, library, busy, onTalk }: { character: Character; library: Library; busy: boolean; onTalk: (character: Character) => void }) {
  const open = library.conversations.some((known) => known.character_id === character.id && known.state === "open");
  return (
    <button type="button" className="card" aria-label={`Talk to ${character.name}`} disabled={busy} onClick={() => onTalk(character)}>
      <Avatar name={character.name} url={character.avatar_url} size="cover" />
      <span className="card-text">
        <span className="card-name">{character.name}</span>
        <span className="card-line">{character.tagline}</span>
        <span className="tags">{character.tags.slice(0, 3).map((tag) => <span className="tag" key={tag}>{tag}</span>)}</span>
        <span className="card-action">{busy ? "Opening…" : open ? "Continue" : "Say hello"}</span>
      </span>
    </button>
  );
}
