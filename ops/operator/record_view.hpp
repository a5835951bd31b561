#pragma once

#include "events/codec/event_codec.hpp"
#include "events/log/epoch_rule.hpp"
#include "events/log/record.hpp"
#include "gateway/wire/masking.hpp"

#include <optional>

namespace reverie::ops {

/// Which fields of a record an operator is shown.
enum class record_detail { list, whole };

/// An event's payload under a privacy mode: what is sealed in the log is what is masked here.
gateway::document payload_view(const events::event& any, gateway::privacy_mode privacy);

/// A record as operators see it. What can't be read says why instead of a payload. `opener` opens what is sealed; it is not asked when nothing
/// of it is to be shown.
gateway::document record_view(const events::stored_record& stored, std::optional<events::record_verdict> verdict, const events::field_opener& opener,
                              gateway::privacy_mode privacy, record_detail how);

} // namespace reverie::ops
