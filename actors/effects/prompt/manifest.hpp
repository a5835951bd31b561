#pragma once

#include "events/model/ids.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reverie::actors::prompt {

/// The account of a prompt: what could have been in it, what was, and why not. Holds no texts, only their length and hash.
class manifest {
public:
  /// A piece with its text as it stands in the prompt (or would have stood).
  void kept(std::string_view kind, std::string_view id, std::string_view text, std::optional<double> score = {});
  void cut(std::string_view kind, std::string_view id, std::string_view text, std::string_view reason, std::optional<double> score = {});
  /// A word about the whole: shape, ranking, recall note.
  void say(std::string_view name, std::string_view value);
  void count(std::string_view name, std::size_t value);

  std::string json() const;
  /// The memories among the pieces that were kept, sorted.
  std::vector<events::memory_id> kept_memories() const;

private:
  struct piece {
    std::string kind, id, hash, reason;
    std::size_t length, tokens;
    std::optional<double> score;
    bool kept;
  };
  void add(std::string_view kind, std::string_view id, std::string_view text, std::string_view reason, std::optional<double> score, bool kept);

  std::vector<std::pair<std::string, std::string>> words_;
  std::vector<std::pair<std::string, std::size_t>> counts_;
  std::vector<piece> pieces_;
};

} // namespace reverie::actors::prompt
