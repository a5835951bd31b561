/** What the server's REST answers hold; names as on the wire. Times are RFC 3339, positions are opaque. */

export interface User {
  id: string;
  email: string;
  name: string;
  roles: string[];
  created_at: string;
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
  token_type: string;
  /** Seconds until the access token ends. */
  expires_in: number;
}

export interface Character {
  id: string;
  name: string;
  tagline: string;
  greeting: string;
  tags: string[];
  avatar_url: string | null;
  version: number;
  created_at: string;
}

export interface Conversation {
  id: string;
  character_id: string;
  title: string;
  state: "open" | "closed";
  last_position: string;
  created_at: string;
  updated_at: string;
}

export interface StoredMessage {
  id: string;
  conversation_id: string;
  parent_id: string | null;
  role: "user" | "character";
  content: string;
  state: "complete" | "failed" | "stopped";
  created_at: string;
  position: string;
  /** All versions of it, oldest first, itself among them. */
  sibling_ids?: string[];
}

export interface MemorySource {
  conversation_id: string;
  message_id: string;
}

export interface Memory {
  id: string;
  character_id: string;
  text: string;
  kind: "episode" | "fact";
  score?: number | null;
  valid_from: string | null;
  valid_to: string | null;
  recorded_at: string;
  sources: MemorySource[];
}

export interface BondCause {
  axis: string;
  delta: number;
  reason: string;
  message_id: string | null;
  /** Where that message lies: often another conversation than the one that is open. */
  conversation_id?: string | null;
  at: string;
}

export interface Bond {
  character_id: string;
  /** Each axis lies in [0, 1]. */
  axes: Record<string, number>;
  level: string | number;
  causes: BondCause[];
}

export interface ModelStatus {
  name: string;
  kind: "starter" | "scripted" | "external";
  note: string;
}

export interface ModelsStatus {
  chat: ModelStatus;
  embedding: ModelStatus;
}

export interface Page<T> {
  items: T[];
  total: number;
  page: number;
  page_size: number;
  has_more: boolean;
  next_cursor: string | null;
}
