#include "ops/model_server/options.hpp"

#include <charconv>
#include <functional>
#include <limits>
#include <map>
#include <string_view>

namespace reverie::model_server {

namespace {

template <typename number>
bool read_number(std::string_view text, number& target, number smallest) {
  number value{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size() || value < smallest) return false;
  target = value;
  return true;
}

} // namespace

std::string help_text() {
  return "reverie-model-server: serves GGUF models on 127.0.0.1 by the OpenAI protocol\n"
         "  --port N                0 (default) takes any free one and prints it\n"
         "  --chat-model FILE       a GGUF file for /v1/chat/completions\n"
         "  --embedding-model FILE  a GGUF file for /v1/embeddings\n"
         "  --library-dir DIR       where the libggml-cpu-*.so files lie\n"
         "  --threads N             default 1; never more than the cores that are free\n"
         "  --context N             tokens of prompt and reply together, default 2048\n"
         "  --die-with-parent       end when the process that started this one does\n";
}

std::expected<options, usage_error> parse_options(int argc, char** argv) {
  options result;
  const auto text = [](std::string& target) {
    return [&target](std::string_view value) {
      target = value;
      return !value.empty();
    };
  };
  const std::map<std::string_view, std::function<bool(std::string_view)>> flags{
      {"--port", [&](std::string_view value) { return read_number<std::uint16_t>(value, result.port, 0); }},
      {"--chat-model", text(result.chat_model)},
      {"--embedding-model", text(result.embedding_model)},
      {"--library-dir", text(result.library_dir)},
      {"--threads", [&](std::string_view value) { return read_number<std::int32_t>(value, result.threads, 1); }},
      {"--context", [&](std::string_view value) { return read_number<std::uint32_t>(value, result.context, 64); }},
  };
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--help" || argument == "-h") return std::unexpected(usage_error{});
    if (argument == "--die-with-parent") {
      result.die_with_parent = true;
      continue;
    }
    const auto equals = argument.find('=');
    const auto flag = flags.find(argument.substr(0, equals));
    if (flag == flags.end()) return std::unexpected(usage_error{"unknown flag " + std::string(argument)});
    std::string_view value;
    if (equals != std::string_view::npos) {
      value = argument.substr(equals + 1);
    } else if (i + 1 < argc) {
      value = argv[++i];
    }
    if (!flag->second(value)) {
      return std::unexpected(usage_error{std::string(flag->first) + " can't be '" + std::string(value) + "'"});
    }
  }
  if (result.chat_model.empty() && result.embedding_model.empty()) {
    return std::unexpected(usage_error{"name a --chat-model, an --embedding-model or both"});
  }
  return result;
}

} // namespace reverie::model_server
