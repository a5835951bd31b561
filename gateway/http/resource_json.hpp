#pragma once

#include "gateway/bridge/account_service.hpp"

#include "actors/effects/recall.hpp"
#include "projections/queries/read_models.hpp"

#include <string>

/// JSON of every resource of wire.md section 2. Pure.
namespace reverie::gateway {

std::string to_json(const projections::user_row& row);
std::string to_json(const projections::character_row& row);
std::string to_json(const projections::conversation_row& row);
std::string to_json(const projections::message_row& row);
std::string to_json(const projections::memory_row& row);
std::string to_json(const projections::bond_row& row);
std::string to_json(const token_pair& tokens);
std::string to_json(const signed_up& made);

/// A memory found by relevance.
projections::memory_row row_of(const actors::recalled_memory& found);

/// `{"items":[…],"total",…}`.
template <class Item>
std::string to_json(const projections::page_of<Item>& page);

extern template std::string to_json(const projections::page_of<projections::character_row>&);
extern template std::string to_json(const projections::page_of<projections::conversation_row>&);
extern template std::string to_json(const projections::page_of<projections::message_row>&);
extern template std::string to_json(const projections::page_of<projections::memory_row>&);

} // namespace reverie::gateway
