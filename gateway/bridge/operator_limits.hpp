#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Limits of the operators' side: name, value, unit last. What is over one gets a clear error; the rest stands in events/model/limits.hpp.
namespace reverie::gateway::operator_limits {

using std::chrono::milliseconds;

inline constexpr std::size_t threads = 4;               ///< for operators' blocking calls, so that they starve nobody else
inline constexpr std::size_t queue_requests = 64;       ///< waiting for one of them; over it `overloaded`
inline constexpr std::size_t streams = 24;              ///< event streams of all operators; over it `overloaded`
inline constexpr std::size_t page_size = 200;
inline constexpr std::size_t page_size_default = 50;
inline constexpr std::size_t cursor_bytes = 8 * 1024;
inline constexpr std::size_t reason_bytes = 2'000;      ///< 500 characters
inline constexpr std::size_t reason_characters = 500;
inline constexpr std::size_t body_bytes = 16 * 1024;
inline constexpr std::size_t search_records = 20'000;   ///< of the log, that one search call looks at
inline constexpr std::size_t history_records = 20'000;  ///< of one entity, that a call folds or lists
inline constexpr std::size_t follow_records = 200;      ///< in one step of a followed stream
inline constexpr std::size_t effects_paged = 1'000'000; ///< so far their list can be turned over
inline constexpr std::size_t audit_csv_rows = 100'000;
inline constexpr std::size_t epochs_listed = 1'000;     ///< of one partition
inline constexpr std::size_t findings_kept = 1'000;
inline constexpr std::size_t history_samples = 300;     ///< of the overview: ten minutes
inline constexpr milliseconds sample_every{2'000};
inline constexpr milliseconds live_every{1'000};
inline constexpr milliseconds follow_every{300};
inline constexpr milliseconds stream_heartbeat{10'000};
inline constexpr milliseconds stream_lifetime{900'000}; ///< of a stream whose credential does not expire: then it is asked for anew
inline constexpr milliseconds stalled_after{10'000};
inline constexpr std::uint64_t effects_alert_depth = 1'000;
inline constexpr std::chrono::seconds effects_alert_age{300};

} // namespace reverie::gateway::operator_limits
