#include "map/wkb.h"

#include <cstdint>
#include <cstring>
#include <stdexcept>

namespace gridward::map {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  template <class T>
  T take() {
    T value;
    if (rest_.size() < sizeof value) throw std::invalid_argument("a shape ends too early");
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  /// The count of parts of a geometry of a type.
  std::uint32_t open(std::uint32_t type) {
    if (take<std::uint8_t>() != 1 || take<std::uint32_t>() != type) throw std::invalid_argument("a shape is not a MultiPolygon");
    return count();
  }
  /// A count that the bytes which are left could hold.
  std::uint32_t count() {
    const auto n = take<std::uint32_t>();
    if (n > rest_.size()) throw std::invalid_argument("a shape ends too early");
    return n;
  }

 private:
  std::string_view rest_;
};

constexpr std::uint32_t kPolygon = 3, kMultiPolygon = 6;

}  // namespace

std::vector<Polygon> read_multi_polygon(std::string_view wkb) {
  Reader in(wkb);
  std::vector<Polygon> out(in.open(kMultiPolygon));
  for (Polygon& polygon : out) {
    polygon.resize(in.open(kPolygon));
    for (auto& ring : polygon) {
      ring.resize(in.count());
      for (Point& p : ring) p = in.take<Point>();
    }
  }
  return out;
}

}  // namespace gridward::map
