#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace reverie::actors::runtime {

/// A callback that is called exactly once, whatever becomes of those who should call it: when the last copy goes uncalled (with a dead
/// actor's mailbox, with a closure that threw) it is called with `otherwise`. Later calls are not heard. `told` must not throw then.
template <class Result>
class once_told {
public:
  once_told(std::function<void(Result)> told, Result otherwise) : told_(std::move(told)), otherwise_(std::move(otherwise)) {}
  once_told(const once_told&) = delete;
  once_told& operator=(const once_told&) = delete;
  ~once_told() {
    if (!done_.exchange(true)) told_(std::move(otherwise_));
  }
  void tell(Result result) {
    if (done_.exchange(true)) return;
    auto told = std::move(told_); // what it holds goes with this call
    told(std::move(result));
  }

private:
  std::function<void(Result)> told_;
  Result otherwise_;
  std::atomic<bool> done_{false};
};

/// The same as a function that can be copied; an empty one stays empty.
template <class Result>
std::function<void(Result)> sure_answer(std::function<void(Result)> told, std::type_identity_t<Result> otherwise) {
  if (!told) return told;
  auto once = std::make_shared<once_told<Result>>(std::move(told), std::move(otherwise));
  return [once](Result result) { once->tell(std::move(result)); };
}

} // namespace reverie::actors::runtime
