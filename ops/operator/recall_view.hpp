#pragma once

#include "gateway/wire/masking.hpp"

#include <string_view>

namespace reverie::ops {

/// Why a reply's prompt was what it was, out of its manifest: model, shape, budget, the memories it recalled (without their texts) and what
/// was cut. Null for a reply without a manifest. Pure.
gateway::document recall_view(std::string_view manifest_json);

} // namespace reverie::ops
