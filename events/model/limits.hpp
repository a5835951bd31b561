#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every limit of the server, in one place: name, value, unit last. What is over a limit gets a clear error; nothing is dropped
/// in silence. The relations between limits are asserted below.
namespace reverie::events::limits {

using std::chrono::milliseconds;

// What a person sends.
inline constexpr std::size_t message_bytes = 32 * 1024;
inline constexpr std::size_t frame_bytes = 256 * 1024;
inline constexpr std::size_t card_bytes = 4 * 1024 * 1024;
inline constexpr std::size_t card_profile_bytes = 384 * 1024; ///< texts of a card as JSON; sealed they take a third more
inline constexpr std::size_t json_body_bytes = 256 * 1024;
inline constexpr std::size_t header_bytes = 16 * 1024;
inline constexpr std::size_t name_bytes = 200;
inline constexpr std::size_t email_bytes = 254;
inline constexpr std::size_t password_bytes_min = 8;
inline constexpr std::size_t password_bytes = 1024;
inline constexpr std::size_t request_id_bytes = 64;
inline constexpr std::uint32_t page_size = 100;
inline constexpr std::uint32_t page_size_default = 20;
inline constexpr std::size_t filter_terms = 10;
inline constexpr std::uint32_t messages_per_minute_default = 60;

// The log.
inline constexpr std::size_t record_bytes = 8 * 1024 * 1024;
inline constexpr std::size_t append_batch_bytes = 16 * 1024 * 1024;
inline constexpr std::size_t append_batch_records = 4096;
inline constexpr std::size_t append_queue_records = 65'536;
inline constexpr std::size_t append_queue_bytes = 64 * 1024 * 1024;
inline constexpr std::size_t events_per_record = 256;
inline constexpr std::size_t read_batch_records = 1024;
inline constexpr std::size_t read_batch_bytes = 16 * 1024 * 1024;
inline constexpr std::size_t reader_queue_bytes = 64 * 1024 * 1024;
inline constexpr milliseconds append_deadline_ms{10'000};

// Actors.
inline constexpr std::size_t commands_in_flight_per_partition = 8192;
inline constexpr std::size_t stash_commands_per_entity = 64;
inline constexpr std::size_t waiting_messages_per_session = 32;
inline constexpr milliseconds command_deadline_ms{15'000};
inline constexpr milliseconds overloaded_retry_after_ms{1'000};
inline constexpr std::chrono::hours command_answer_kept{24 * 7};
inline constexpr milliseconds entity_idle_ms{60'000};
inline constexpr std::size_t entity_memory_budget_bytes = 512 * 1024 * 1024;
inline constexpr std::size_t checkpoint_generations = 3;
inline constexpr std::size_t prompt_turns_kept_per_session = 64;
inline constexpr std::size_t prompt_turn_bytes_kept_per_session = 64 * 1024;
inline constexpr std::size_t affinity_causes_kept = 50;
inline constexpr std::size_t facts_per_bond = 20'000;
inline constexpr std::size_t keys_in_memory = 100'000;
inline constexpr std::size_t facts_per_turn = 16;
inline constexpr std::size_t restatements_kept_per_fact = 6;
inline constexpr std::size_t card_versions_kept_per_character = 16;

// Models.
inline constexpr std::size_t reply_bytes = 32 * 1024;
inline constexpr std::size_t model_line_bytes = 1024 * 1024;
inline constexpr std::size_t replies_in_progress = 256;
inline constexpr std::size_t embedding_batch_texts = 64;
inline constexpr std::size_t recalled_memories = 12;
inline constexpr std::size_t query_terms = 64;

// Connections.
inline constexpr std::size_t connections = 20'000;
inline constexpr std::size_t connections_per_user_default = 32;
inline constexpr std::size_t send_queue_frames = 1024;
inline constexpr std::size_t send_queue_bytes = 1024 * 1024;
inline constexpr milliseconds authenticate_within_ms{10'000};
inline constexpr milliseconds heartbeat_ms{30'000};
inline constexpr milliseconds request_header_ms{10'000};
inline constexpr milliseconds request_body_ms{30'000};
inline constexpr milliseconds keep_alive_idle_ms{60'000};
inline constexpr milliseconds response_write_ms{30'000};
inline constexpr std::uint32_t frames_per_minute = 1'200;
inline constexpr std::size_t history_page_updates = 128;
inline constexpr std::size_t held_back_frames = 4'096;
inline constexpr std::size_t subscriptions_waiting = 16;
inline constexpr std::size_t password_queue_requests = 256;
inline constexpr std::size_t people_remembered = 50'000;
inline constexpr std::chrono::seconds access_token_lives{15 * 60};
inline constexpr std::chrono::hours refresh_token_lives{24 * 30};
inline constexpr milliseconds read_own_writes_wait_ms{2'000};
inline constexpr std::size_t database_queue_requests = 512;

// Projections.
inline constexpr std::size_t projection_batch_events = 2000;
inline constexpr std::size_t rebuild_batch_events = 20'000;
inline constexpr std::size_t recall_cached_documents = 2'000'000;
inline constexpr std::size_t exact_scan_vectors = 50'000;

static_assert(message_bytes * 6 + 4096 < frame_bytes, "a message of control characters, each escaped, fits a frame");
static_assert(message_bytes * 6 + 4096 < json_body_bytes, "a message fits a body");
static_assert(card_bytes * 4 / 3 * 4 / 3 + card_profile_bytes * 4 / 3 + 64 * 1024 < record_bytes, "a card, in base64 and sealed, fits a record");
static_assert(record_bytes <= append_batch_bytes && record_bytes <= read_batch_bytes, "a batch holds the largest record");
static_assert(facts_per_turn * (restatements_kept_per_fact + 5) + 8 < events_per_record, "taking one message back fits a record");
static_assert(reply_bytes <= message_bytes, "a reply is a message");
static_assert(frame_bytes <= send_queue_bytes, "a slow reader's queue holds the largest frame");

} // namespace reverie::events::limits
