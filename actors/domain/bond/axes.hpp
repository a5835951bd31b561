#pragma once

#include <string_view>

namespace reverie::actors::bond {

/// The reason code of changes that undo what a deleted or edited message had done.
inline constexpr std::string_view removed_reason = "message_removed";

} // namespace reverie::actors::bond
