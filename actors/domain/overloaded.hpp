#pragma once

namespace reverie::actors {

/// One visitor out of several lambdas, for std::visit.
template <class... Cases>
struct overloaded : Cases... {
  using Cases::operator()...;
};

} // namespace reverie::actors
