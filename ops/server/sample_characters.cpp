#include "ops/server/sample_characters.hpp"

#include "gateway/wire/character_card.hpp"

#include <sodium.h>
#include <xxhash.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <iterator>

namespace reverie::ops {

namespace {

namespace fs = std::filesystem;

std::string base64_of(const std::string& bytes) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  text.pop_back(); // the terminating zero
  return text;
}

std::vector<fs::path> cards_in(const fs::path& folder) {
  std::vector<fs::path> cards;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (entry.path().extension() == ".png") cards.push_back(entry.path());
  std::ranges::sort(cards);
  return cards;
}

events::outcome<actors::character::create_character> read_card(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  auto card = gateway::parse_card("image/png", bytes);
  if (!card) return events::fail(events::failure_code::malformed, "the sample card " + file.filename().string() + " can't be read");
  actors::character::create_character command;
  command.published = true;
  command.media_type = "image/png";
  command.card_base64 = base64_of(bytes);
  command.card_spec = card->spec;
  command.profile = card->profile;
  return command;
}

actors::command_outcome submit(actors::actor_node& node, const fs::path& file, actors::character::create_character command) {
  auto name = file.stem().string();
  auto id = events::derive_uuid("sample character", {}, {}, XXH64(name.data(), name.size(), 0));
  auto answered = std::make_shared<std::promise<actors::command_outcome>>();
  auto answer = answered->get_future();
  node.submit({.id = {events::derive_uuid("sample card", id)},
               .target = {{events::entity_kind::character, id}, id},
               .command = actors::character::command{std::move(command)}},
              [answered](actors::command_outcome outcome) { answered->set_value(std::move(outcome)); });
  return answer.get();
}

} // namespace

samples_loaded load_sample_characters(const fs::path& folder, actors::actor_node& node) {
  samples_loaded result;
  for (const auto& file : cards_in(folder)) {
    auto command = read_card(file);
    if (!command) {
      result.problems.push_back(command.error().message);
      continue;
    }
    auto answer = submit(node, file, std::move(*command));
    using events::rejection_code;
    bool known = !answer && (answer.error().code == rejection_code::conflict || answer.error().code == rejection_code::command_expired);
    if (answer && answer->changed && !answer->repeated) ++result.added;
    else if (answer || known) ++result.present;
    else result.problems.push_back("the sample card " + file.filename().string() + " was refused: " + answer.error().message);
  }
  return result;
}

} // namespace reverie::ops
