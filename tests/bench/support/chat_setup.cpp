#include "tests/bench/support/chat_setup.hpp"

#include <format>
#include <stdexcept>

namespace reverie::bench {

nlohmann::json ask(std::uint16_t port, std::string_view method, std::string_view target, std::string_view token, const nlohmann::json& body) {
  loopback_socket socket(port);
  socket.send(request_text(method, target, token, body.is_null() ? std::string{} : body.dump()));
  const auto got = socket.read_answer();
  if (got.status / 100 != 2) throw std::runtime_error(std::format("{} {}: {} {}", method, target, got.status, got.body));
  return got.body.empty() ? nlohmann::json{} : nlohmann::json::parse(got.body);
}

std::string sign_up(std::uint16_t port, std::size_t number) {
  const auto made = ask(port, "POST", "/api/v1/auth/register", "",
                        {{"email", std::format("person{}@example.org", number)}, {"password", "correct horse"}, {"name", "Person"}});
  return made.at("access_token").get<std::string>();
}

std::vector<std::string> character_ids(std::uint16_t port, std::string_view token) {
  std::vector<std::string> ids;
  // Projections may lag behind the start for a moment.
  for (int tries = 0; ids.empty() && tries < 1'000; ++tries) {
    const auto page = ask(port, "GET", "/api/v1/characters?page_size=100", token);
    for (const auto& each : page.at("items")) ids.push_back(each.at("id").get<std::string>());
  }
  if (ids.empty()) throw std::runtime_error("there are no characters");
  return ids;
}

std::string open_conversation(std::uint16_t port, std::string_view token, std::string_view character) {
  return ask(port, "POST", "/api/v1/conversations", token, {{"character_id", character}}).at("id").get<std::string>();
}

} // namespace reverie::bench
