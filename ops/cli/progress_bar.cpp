#include "ops/cli/progress_bar.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <format>
#include <mutex>

namespace reverie::ops {

namespace {

using std::chrono::steady_clock;

constexpr auto redraw_every = std::chrono::milliseconds(100);
constexpr auto note_every = std::chrono::seconds(1);
constexpr std::size_t bar_width = 30;

std::atomic<bool> hushed = false;

} // namespace

bool shows_progress() { return !hushed && ::isatty(2) != 0; }

void hush_progress() { hushed = true; }

std::string time_text(double seconds) {
  auto whole = static_cast<std::int64_t>(std::ceil(seconds));
  if (whole < 60) return std::format("{} s", whole);
  if (whole < 3600) return std::format("{} min {:02} s", whole / 60, whole % 60);
  return std::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string progress_line(const std::string& title, const std::string& unit, std::uint64_t done, std::uint64_t total, double seconds,
                          std::size_t width, std::uint64_t begun) {
  double rate = seconds > 0 ? static_cast<double>(done - std::min(done, begun)) / seconds : 0;
  if (total == 0) return std::format("{}  {} {}  {:.0f} {}/s", title, done, unit, rate, unit);
  double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  std::string bar;
  if (width > 0) {
    auto filled = static_cast<std::size_t>(share * static_cast<double>(width));
    bar = "[" + std::string(filled, '#') + std::string(width - filled, '-') + "]  ";
  }
  std::string left = done >= total ? time_text(seconds) + " in all"
                     : rate > 0    ? time_text(static_cast<double>(total - done) / rate) + " left"
                                   : "waiting";
  return std::format("{}  {}{:.0f} %  {}/{} {}  {:.0f} {}/s  {}", title, bar, std::floor(share * 100), done, total, unit, rate, unit, left);
}

progress_bar::progress_bar(std::string title, std::string unit, std::uint64_t total, std::uint64_t begun)
    : title_(std::move(title)), unit_(std::move(unit)), total_(total), begun_(begun), done_(begun), open_(shows_progress()), started_(steady_clock::now()),
      drawn_(started_) {}

progress_bar::~progress_bar() { finish(); }

void progress_bar::advance_to(std::uint64_t done) {
  done_ = done;
  if (!open_) return;
  if (const auto now = steady_clock::now(); now - drawn_ >= redraw_every) draw(now);
}

void progress_bar::finish() {
  if (!open_) return;
  draw(steady_clock::now());
  std::fputc('\n', stderr);
  open_ = false;
}

void progress_bar::draw(steady_clock::time_point now) {
  drawn_ = now;
  double seconds = std::chrono::duration<double>(now - started_).count();
  std::fprintf(stderr, "\r\x1b[K%s", progress_line(title_, unit_, done_, total_, seconds, bar_width, begun_).c_str());
  std::fflush(stderr);
}

waiting_note::waiting_note(std::string title) {
  if (!shows_progress()) return;
  thread_ = std::jthread([title = std::move(title)](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    auto waited = std::chrono::seconds(0);
    while (!stopped.wait_for(lock, stop, note_every, [&] { return stop.stop_requested(); })) {
      waited += note_every;
      std::fprintf(stderr, "\r\x1b[K%s  %s", title.c_str(), time_text(static_cast<double>(waited.count())).c_str());
      std::fflush(stderr);
    }
    if (waited > std::chrono::seconds(0)) std::fprintf(stderr, "\r\x1b[K");
  });
}

waiting_note::~waiting_note() = default; // joins

} // namespace reverie::ops
