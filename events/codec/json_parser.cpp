#include "events/codec/json_parser.hpp"

#include <memory>
#include <string>
#include <vector>

namespace reverie::events {

namespace {

/// A parser holds about ten times its largest document: one that read a huge card is not kept.
constexpr std::size_t kept_capacity_bytes = 1024 * 1024;

struct parsers_of_thread {
  std::vector<std::unique_ptr<simdjson::dom::parser>> parsers;
  std::size_t in_use = 0;
};

parsers_of_thread& pool() {
  thread_local parsers_of_thread mine;
  return mine;
}

} // namespace

json_parser::json_parser() {
  auto& mine = pool();
  if (mine.in_use == mine.parsers.size()) mine.parsers.push_back(std::make_unique<simdjson::dom::parser>());
  parser_ = mine.parsers[mine.in_use++].get();
}

json_parser::~json_parser() {
  auto& mine = pool();
  --mine.in_use;
  if (parser_->capacity() > kept_capacity_bytes) mine.parsers[mine.in_use] = std::make_unique<simdjson::dom::parser>();
}

outcome<simdjson::dom::element> json_parser::parse(std::string_view json) {
  simdjson::dom::element root;
  auto error = parser_->parse(json.data(), json.size(), true).get(root);
  if (error) return fail(failure_code::malformed, std::string("JSON: ") + simdjson::error_message(error));
  return root;
}

} // namespace reverie::events
