#pragma once

#include <compare>
#include <cstddef>
#include <functional>

namespace gridward {

/// A value of type Rep that cannot be confused with another of the same type: explicit to build, comparable, no
/// arithmetic. `struct CellTag; using CellId = Strong<CellTag, std::int64_t>;`
template <class Tag, class Rep>
class Strong {
 public:
  using rep = Rep;
  constexpr Strong() = default;
  constexpr explicit Strong(Rep value) : value_(std::move(value)) {}
  [[nodiscard]] constexpr const Rep& get() const { return value_; }
  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;

 private:
  Rep value_{};
};

}  // namespace gridward

template <class Tag, class Rep>
struct std::hash<gridward::Strong<Tag, Rep>> {
  std::size_t operator()(const gridward::Strong<Tag, Rep>& s) const noexcept { return std::hash<Rep>{}(s.get()); }
};
