#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every limit of the model server: name, value, unit last.
namespace reverie::model_server::limits {

inline constexpr std::size_t body_bytes = 8 * 1024 * 1024;
inline constexpr std::size_t messages_per_request = 1024;
inline constexpr std::size_t stop_texts = 16;
inline constexpr std::size_t stop_text_bytes = 256;
inline constexpr std::size_t embedding_inputs = 2048;
inline constexpr std::size_t chat_requests_waiting = 16;
inline constexpr std::size_t connections = 64;
inline constexpr std::size_t connections_waiting = 64;
inline constexpr std::size_t prompt_chunk_tokens = 256;

/// Sentence encoders are trained on short texts: all-MiniLM-L6-v2 on up to 256 tokens, what is longer is cut.
inline constexpr std::size_t embedding_tokens = 256;
inline constexpr std::size_t embedding_batch_tokens = 512;
inline constexpr std::size_t embedding_batch_texts = 16;

inline constexpr std::chrono::milliseconds stop_ms{1'500};
inline constexpr std::chrono::milliseconds client_check_ms{20};
inline constexpr std::chrono::seconds idle_connection_s{30};
inline constexpr std::chrono::seconds retry_after_s{2};

} // namespace reverie::model_server::limits
