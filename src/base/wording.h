#pragma once

#include <string>

namespace gridward {

/// What is told to a person, in English and in Chinese: why a row of a file cannot be used, and what to do.
struct Wording {
  std::string en, zh;
  [[nodiscard]] bool empty() const { return en.empty(); }
};

}  // namespace gridward
