#include "actors/runtime/blocking_task.hpp"

#include <new>
#include <utility>

namespace reverie::actors::runtime {

using events::failure;
using events::failure_code;

failure unexpected_failure(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    return {failure_code::overloaded, "no memory is left"};
  } catch (const std::exception& what) {
    return {failure_code::malformed, std::string{"an unexpected error: "} + what.what()};
  } catch (...) {
    return {failure_code::malformed, "an unexpected error without a name"};
  }
}

blocking_task::~blocking_task() {
  if (work_) otherwise_({failure_code::stopping, "the server is stopping"});
}

events::outcome<void> blocking_task::run() {
  auto work = std::exchange(work_, nullptr);
  try {
    work();
    return {};
  } catch (...) {
    auto why = unexpected_failure(std::current_exception());
    otherwise_(why);
    return std::unexpected(std::move(why));
  }
}

} // namespace reverie::actors::runtime
