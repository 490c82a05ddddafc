#include "service/neighbours.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "sql.gen.h"

namespace gridward::service {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20;
constexpr std::size_t kMostPairs = 1'000'000;  // 16 MB of contacts each way, and a few seconds of permutations

std::size_t bytes_of(const Neighbourhood& n) {
  std::size_t bytes = sizeof n + n.cells.size() * (sizeof n.cells[0] + sizeof n.points[0] + sizeof n.touching.contacts[0]);
  for (const auto& contacts : n.touching.contacts) bytes += contacts.size() * sizeof contacts[0];
  return bytes;
}

template <class T>
T valid(Result<T> made) {
  if (!made) throw std::runtime_error("a stored shape cannot be read: " + made.error().detail);
  return std::move(*made);
}

Neighbours::Ptr read_neighbourhood(storage::Tx& tx, std::int64_t district, int level, const std::string& day, const std::string& known_at) {
  const auto rows = tx.run(sql::shapes_of_level, {std::to_string(district), day, std::to_string(level), storage::or_null(known_at)});
  auto out = std::make_shared<Neighbourhood>();
  std::vector<std::string> shapes;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out->cells.push_back(rows.integer(i, "cell_id"));
    shapes.push_back(rows.bytes(i, "wkb"));
  }
  out->touching = valid(geo::contiguity(shapes, {geo::Contiguity::queen, 0, kBorderTolerance}));
  out->points = valid(geo::representative_points(shapes));
  return out;
}

}  // namespace

Neighbours::Neighbours() : kept_(kMostBytes, bytes_of) {}

Neighbours::Ptr Neighbours::find(storage::Tx& tx, const District& district, int level, const std::string& day, const std::string& known_at) {
  if (!known_at.empty()) return read_neighbourhood(tx, district.id, level, day, known_at);
  const auto epoch = tx.run(sql::figures_epoch, {std::to_string(district.id), day, day});
  const std::string since = epoch.null(0, "since") ? day : epoch.text(0, "since");
  return kept_.find({district.id, district.map_version, since + " " + std::string(level_name(level))}, [&] { return read_neighbourhood(tx, district.id, level, since, ""); });
}

Result<stats::Weights> links_among(const Neighbourhood& n, std::span<const std::int64_t> cells, const Linking& linking) {
  constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> row_of(n.cells.size(), nowhere);  // by index in the neighbourhood
  for (std::size_t row = 0; row < cells.size(); ++row) {
    const auto found = std::ranges::lower_bound(n.cells, cells[row]);
    if (found != n.cells.end() && *found == cells[row]) row_of[static_cast<std::size_t>(found - n.cells.begin())] = row;
  }
  geo::Adjacency by_distance;
  if (linking.kind == Linking::Kind::distance) {
    std::vector<std::optional<geo::LonLat>> points = n.points;
    for (std::size_t i = 0; i < points.size(); ++i)
      if (row_of[i] == nowhere) points[i].reset();
    auto band = geo::distance_band(points, linking.distance_m, kMostPairs);
    if (!band) return fail(band.error());
    by_distance = std::move(*band);
  }
  const geo::Adjacency& adjacency = linking.kind == Linking::Kind::distance ? by_distance : n.touching;
  const double least = linking.kind == Linking::Kind::rook ? linking.min_shared_m : 0;
  std::vector<std::vector<stats::Link>> lists(cells.size());
  for (std::size_t i = 0; i < row_of.size(); ++i) {
    if (row_of[i] == nowhere) continue;
    for (const geo::Contact& contact : adjacency.contacts[i])
      if (row_of[contact.to] != nowhere && contact.metres >= least) lists[row_of[i]].push_back({row_of[contact.to], 1});
  }
  return stats::Weights::from_lists(lists);
}

}  // namespace gridward::service
