#pragma once

#include "gateway/http/serving.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace reverie::gateway {

/// Goes on with a connection as a stream of server-sent events for an operator: asks its source again and again, one part at a time, so that
/// a slow reader holds up nobody and nothing piles up for it. Ends with `data: [DONE]` when the server stops, the source has nothing more, or
/// `ends_at` has come: who may look then is asked anew.
/// `place` is given back when the stream ends.
void serve_operator_stream(serving& shared, std::shared_ptr<byte_stream_core> stream, std::size_t lane, event_source source,
                           std::chrono::milliseconds every, events::timestamp ends_at, std::string request_id,
                           std::unique_ptr<counted_connection> counted, std::shared_ptr<void> place);

} // namespace reverie::gateway
