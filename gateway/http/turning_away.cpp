#include "gateway/http/byte_stream.hpp"
#include "gateway/http/message_head.hpp"
#include "gateway/http/serving.hpp"

namespace reverie::gateway {

void turn_away(std::shared_ptr<byte_stream_core> stream) {
  auto text = std::make_shared<std::string>();
  auto response = error_response(overloaded_error(), "none");
  *text = head_of(response, "none", false) + std::string(response.content());
  stream->write({asio::buffer(*text)}, [stream, text](boost::system::error_code, std::size_t) { stream->close(); });
}

} // namespace reverie::gateway
