/** Copies of conversations that operators continue apart. */
export interface Fork {
  id: string;
  origin_id: string;
  origin_sequence: number;
  user_id: string;
  character_id: string;
  character_name?: string;
  /** Null: the server's own. */
  model: string | null;
  state: "open" | "closed";
  messages: number;
  created_at: string;
  updated_at: string;
}

export interface ForkStanding {
  id: string;
  origin_id: string;
  origin_sequence: number;
  origin_at: string;
  user_id: string;
  character_id: string;
  model: string | null;
  state: "open" | "closed";
  replying: boolean;
  last_sequence?: number;
}

export interface TimelineMessage {
  id: string;
  role: "user" | "character";
  content: string | null;
  state: string;
  model: string | null;
  recalled: number;
  at: string | null;
}

export interface TimelineSide {
  state: "open" | "closed";
  replying: boolean;
  total: number;
  last_sequence: number;
  messages: TimelineMessage[];
}

export type Standing = "absent" | "ended" | "holds";

export interface Timelines {
  of: ForkStanding;
  shared: { total: number; messages: TimelineMessage[] };
  original: TimelineSide;
  fork: TimelineSide;
  bond: {
    axes: { axis: string; at_fork: number; original: number; fork: number }[];
    facts: { memory_id: string; text: string | null; attribute: string; original: Standing; fork: Standing }[];
  };
}

export interface ModelChoice {
  name: string;
  kind: string;
  own: boolean;
}

export interface Models {
  items: ModelChoice[];
  /** The endpoint may know further models by name. */
  any_name: boolean;
}
