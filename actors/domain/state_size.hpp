#pragma once

#include "actors/domain/bond/state.hpp"
#include "actors/domain/character/state.hpp"
#include "actors/domain/session/state.hpp"
#include "actors/domain/user/state.hpp"

#include <cstddef>

namespace reverie::actors {

/// Bytes a state holds on the heap, roughly: for the passivation budget, which needs the order of magnitude.
std::size_t size_of_state(const user::state& now);
std::size_t size_of_state(const session::state& now);
std::size_t size_of_state(const character::state& now);
std::size_t size_of_state(const bond::state& now);

} // namespace reverie::actors
