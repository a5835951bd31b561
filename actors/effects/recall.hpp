#pragma once

#include "events/model/failure.hpp"
#include "events/model/ids.hpp"

#include <optional>
#include <string>
#include <vector>

namespace reverie::actors {

/// Whose memory, seen from which branch, about what. Everything that may not be seen is filtered before anything is ranked.
struct recall_query {
  events::user_id user{};
  events::character_id character{};
  std::string text;                                ///< what is asked about
  events::session_id session{};                    ///< the conversation that asks; nil for a search from outside
  std::vector<events::message_id> exclude;         ///< turns that are in the prompt anyway
  std::size_t limit = 12;
  std::optional<events::log_position> min_position;
};

/// One recalled memory with what it came from and why it ranked.
struct recalled_memory {
  events::memory_id memory{};
  events::character_id character{};
  std::string kind; ///< episode or fact
  std::string text;
  std::string speaker; ///< user or character
  double score = 0, lexical_score = 0, semantic_score = 0;
  std::optional<events::timestamp> valid_from, valid_to;
  events::timestamp recorded_at{};
  events::session_id session{};
  std::vector<events::message_id> sources;
};

struct recall_result {
  std::vector<recalled_memory> memories;
  std::string ranking;             ///< name of ranking and embedder, for the manifest
  bool semantic_used = false;      ///< false when the embedder could not be asked
};

/// The one retrieval function, asked by prompts and by memory search alike. Implemented over the memories projection; calls block.
class recall {
public:
  virtual ~recall() = default;
  virtual events::outcome<recall_result> find(const recall_query& query) = 0;
};

} // namespace reverie::actors
