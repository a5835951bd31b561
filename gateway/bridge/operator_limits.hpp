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
inline constexpr milliseconds fold_within{20'000};      ///< of a call that folds histories; over it `unavailable`, and asked again it goes on from there
inline constexpr milliseconds entity_within{2'000};     ///< of folding an entity that is opened; over it its owner's state is shown
inline constexpr milliseconds fork_within{120'000};     ///< of reading what a fork copies or compares; over it `unavailable`
inline constexpr std::size_t long_reading_records = 4'096; ///< of histories, that a call reads before it counts as a long one
inline constexpr std::size_t long_readings = 2;         ///< of entities at once, so that other calls find a thread; over it `overloaded`
inline constexpr std::size_t long_fork_readings = 1;    ///< for forks at once; over it `overloaded`
inline constexpr std::size_t folded_states_bytes = 128 * 1024 * 1024; ///< of states on the way that are kept, sealed; the entity that was not asked for longest goes
inline constexpr std::size_t folded_states_per_entity = 48; ///< over it every second one goes
inline constexpr std::uint64_t folded_state_every_events = 2'000; ///< a state is kept; twice as many whenever there are too many
inline constexpr std::size_t folded_state_bytes_per_event = 1'000; ///< so many of a state are as dear to keep as an event is to fold, roughly ten times over
inline constexpr std::size_t folded_states_at_rest = 4; ///< of one entity, where somebody stopped last
inline constexpr std::size_t fork_part_bytes = 2 * 1024 * 1024; ///< of copied texts in one record; a longer copy has several
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
