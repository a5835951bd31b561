#pragma once

#include "gateway/wire/url_text.hpp"
#include "gateway/wire/api_error.hpp"

#include "projections/queries/read_models.hpp"

#include <optional>
#include <span>

namespace reverie::gateway {

/// `page`, `page_size`, `cursor`, `filter`, `sort` of a list call, checked against the fields the list allows.
result<projections::list_request> list_request_of(const form_fields& query, std::span<const projections::list_field> fields);

/// What a list answered that could not be read: names the parameter that is to blame when the error does not.
api_error list_error(api_error error, const projections::list_request& asked);

/// `min_position` of a read.
result<std::optional<events::log_position>> min_position_of(const form_fields& query);

} // namespace reverie::gateway
