#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <memory>
#include <utility>

namespace reverie::gateway {

/// A coroutine of the gateway; runs on the io thread it was started on.
template <class T>
using task = boost::asio::awaitable<T>;

/// Waits for a callback that comes once, on any thread, and goes on upon the coroutine's own executor. `start` gets the callback.
template <class T, class Start>
task<T> await_callback(Start start) {
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(T)>(
      [start = std::move(start)](auto handler) mutable {
        using handler_type = decltype(handler);
        auto executor = boost::asio::get_associated_executor(handler);
        auto shared = std::make_shared<handler_type>(std::move(handler));
        start(std::function<void(T)>([shared, executor](T value) {
          boost::asio::post(executor, [shared, value = std::move(value)]() mutable { std::move (*shared)(std::move(value)); });
        }));
      },
      boost::asio::use_awaitable);
}

} // namespace reverie::gateway
