#pragma once

#include "gateway/http/serving.hpp"

#include <exception>

namespace reverie::gateway {

/// Counts an answered request and writes it to the gateway's log. `found` is null when no route took it.
void report_request(serving& shared, const http_request& request, const route* found, int status, double milliseconds);

/// A handler that threw: its type alone is logged, as what it says may hold what a person sent.
void report_problem(serving& shared, const http_request& request, const route& at, const std::exception& problem);

} // namespace reverie::gateway
