#pragma once

#include <string>

namespace gridward {

/// A sentence for people, in both languages.
struct Sentence {
  std::string zh, en;
  [[nodiscard]] bool empty() const { return en.empty(); }
};

}  // namespace gridward
