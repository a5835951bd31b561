#include "ops/operator/reading_gate.hpp"

#include <algorithm>
#include <string>

namespace reverie::ops {

using events::fail;
using events::failure_code;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds page_at_least{1'000};

} // namespace

reading_gate::call::call(reading_gate& gate, milliseconds within) : gate_(gate), within_(within), until_(steady_clock::now() + within) {}

reading_gate::call::~call() {
  if (counted_) gate_.running_.fetch_sub(1);
}

events::outcome<void> reading_gate::call::took(std::size_t records) {
  records_ += records;
  if (steady_clock::now() >= until_)
    return fail(failure_code::timed_out, "This is long: " + std::to_string(records_) + " records were read within " + std::to_string(within_.count()) + " ms, and it was not done.");
  if (counted_ || records_ < gate_.most_.long_records) return {};
  if (gate_.running_.fetch_add(1) >= gate_.most_.long_calls) {
    gate_.running_.fetch_sub(1);
    return fail(failure_code::overloaded, "As many long histories are being read as may be at once.");
  }
  counted_ = true;
  return {};
}

milliseconds reading_gate::call::left() const {
  return std::max(page_at_least, std::chrono::ceil<milliseconds>(until_ - steady_clock::now()));
}

} // namespace reverie::ops
