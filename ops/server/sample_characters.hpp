#pragma once

#include "actors/runtime/interfaces.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace reverie::ops {

/// What became of the cards of a folder.
struct samples_loaded {
  std::size_t added = 0, present = 0;
  std::vector<std::string> problems; ///< a sentence per card that could not be loaded
};

/// Gives each card (`*.png`) of a folder to the actors as a published character without an owner. Its id follows from the file's
/// name, so that a second start adds nothing. Blocks until all are answered.
samples_loaded load_sample_characters(const std::filesystem::path& folder, actors::actor_node& node);

} // namespace reverie::ops
