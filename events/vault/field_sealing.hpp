#pragma once

#include "events/codec/event_codec.hpp"
#include "events/vault/key_ring.hpp"

namespace reverie::events {

/// Seals personal fields of events with one person's key.
field_sealer seal_with(user_id person, shared_key key);

/// Opens them with whatever key they name, from memory or the vault (blocks). The key used last is kept, so that a run of one
/// person's events asks the ring once: for one thread, and not for longer than one piece of work. The ring must outlive it.
field_opener open_with(key_ring& keys);

/// Opens only what memory holds keys for; else `key_unavailable`. Never blocks.
field_opener open_from_memory(key_ring& keys);

/// Opens nothing: every personal field reads as destroyed. For work that needs no personal text.
field_opener open_nothing();

} // namespace reverie::events
