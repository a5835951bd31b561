#pragma once

#include "projections/queries/list_query.hpp"

namespace reverie::projections {

/// The lists of wire.md section 2 as SQL, and how their rows are read.
extern const list_source users_list, characters_list, conversations_list, messages_list, memories_list;

user_row user_in(const result& rows, std::size_t line);
character_row character_in(const result& rows, std::size_t line);
conversation_row conversation_in(const result& rows, std::size_t line);
message_row message_in(const result& rows, std::size_t line);
memory_row memory_in(const result& rows, std::size_t line);

} // namespace reverie::projections
