#pragma once

#include "projections/runner/rebuild.hpp"

namespace reverie::projections {

/// What the comparison of a rebuild found, as it is kept beside it and shown to operators (docs/API_REFERENCE.md names the fields): which
/// rows and columns differ, never their contents. `null` when nothing was compared.
std::string comparison_json(const rebuilt_projection& of);

} // namespace reverie::projections
