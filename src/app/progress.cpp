#include "app/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include <fmt/format.h>

namespace gridward::app {
namespace {

constexpr std::size_t kBar = 24;  // characters

/// "importing 3/11 hazards.csv, 12000 rows"
std::string describe(const std::string& title, const Advance& a) {
  std::string out = title;
  if (a.total > 0) out += fmt::format(" {}/{}", std::min(a.done + 1, a.total), a.total);
  if (!a.step.empty()) out += " " + a.step;
  if (a.rows > 0) out += fmt::format(", {} rows", a.rows);
  return out;
}

std::size_t columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// The beginning of a UTF-8 text that surely fits into so many columns, a wide character taken for two.
std::string fitting(const std::string& text, std::size_t width) {
  std::size_t used = 0, at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    used += length > 2 ? 2 : 1;
    if (used > width) break;
    at += length;
  }
  return text.substr(0, at);
}

}  // namespace

Progress::Progress(std::string title) : title_(std::move(title)), terminal_(::isatty(STDERR_FILENO) == 1) {}

void Progress::show(const Advance& advance) {
  using namespace std::chrono_literals;
  const bool first = shown_ == Clock::time_point{}, begins = advance.step != step_;
  const auto now = Clock::now();
  if (!first && now - shown_ < (terminal_ ? 100ms : begins ? 1s : 10s)) return;
  step_ = advance.step;
  shown_ = now;
  if (terminal_) draw(advance);
  else std::cerr << describe(title_, advance) << std::endl;
}

void Progress::draw(const Advance& a) {
  std::string bar;
  if (a.total > 0) {
    const auto full = static_cast<std::size_t>(std::clamp<std::int64_t>(a.done, 0, a.total)) * kBar / static_cast<std::size_t>(a.total);
    bar = "[" + std::string(full, '#') + std::string(kBar - full, '.') + "] ";
  }
  std::cerr << "\r\x1b[K" << fitting(bar + describe(title_, a), columns() - 1) << std::flush;
  drawn_ = true;
}

void Progress::clear() {
  if (drawn_) std::cerr << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

}  // namespace gridward::app
