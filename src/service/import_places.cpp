#include "service/import_places.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "geo/gcj02.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

constexpr std::int64_t kEnough = 10;  // strays that point the same way are no accident
constexpr std::int64_t kClearly = 3;  // times as many as agree

map::Point moved(map::Point p, geo::LonLat (*by)(geo::LonLat)) {
  const geo::LonLat to = by({p.x, p.y});
  return {to.lon, to.lat};
}

}  // namespace

void RowsSeen::add(std::int64_t row) {
  ++count;
  if (first.size() < 5) first.push_back(row);
}

std::string RowsSeen::rows() const {
  return fmt::format("{} {}{}", count == 1 ? "row" : "rows", fmt::join(first, ", "), count > static_cast<std::int64_t>(first.size()) ? " …" : "");
}

std::int64_t PlaceJudge::cell_at(std::int64_t row, const std::string& day, map::Point point) {
  last_ = {row, placer_.cell_at(day, point), day, point};
  problem_ = {};
  ++points_;
  if (last_.cell != 0) return last_.cell;
  if (placer_.cell_at(day, {point.y, point.x}) != 0)
    problem_ = {"经度和纬度似乎颠倒：该点在辖区之外，对调后在辖区之内", "longitude and latitude seem swapped: the point lies outside the district, and inside it the other way round"};
  else nowhere_.add(row);
  return 0;
}

void PlaceJudge::read_cells() {
  codes_.emplace();
  const auto rows = tx_.run(sql::imports_drawn_cells, {std::to_string(district_)});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    codes_->emplace(rows.text(i, "code"), rows.integer(i, "cell_id"));
    parents_[rows.integer(i, "cell_id")] = rows.null(i, "parent_id") ? 0 : rows.integer(i, "parent_id");
  }
}

bool PlaceJudge::lies_in(std::int64_t cell, std::int64_t declared) const {
  for (int levels = 0; cell != 0 && levels < 4; ++levels) {
    if (cell == declared) return true;
    const auto up = parents_.find(cell);
    cell = up == parents_.end() ? 0 : up->second;
  }
  return false;
}

void PlaceJudge::compare(const std::string& code) {
  if (code.empty()) return;
  if (!codes_) read_cells();
  const auto declared = codes_->find(code);
  if (declared == codes_->end()) return;
  if (lies_in(last_.cell, declared->second)) {
    ++agree_;
    return;
  }
  strays_.add(last_.row);
  if (lies_in(placer_.cell_at(last_.day, moved(last_.point, geo::from_gcj02)), declared->second)) ++if_gcj02_;
  if (lies_in(placer_.cell_at(last_.day, moved(last_.point, geo::to_gcj02)), declared->second)) ++if_converted_twice_;
}

Sentence PlaceJudge::verdict() const {
  const auto said = [&](std::int64_t n) { return n >= kEnough && n >= kClearly * agree_; };
  const std::int64_t all = agree_ + strays_.count;
  if (said(if_gcj02_) && crs_ != "GCJ-02" && crs_ != "BD-09")
    return {fmt::format("{}个写明网格的点中，{}个落在该网格内，若坐标为GCJ-02（偏移约500米）则另有{}个落入：如来自互联网地图，请写 crs = \"GCJ-02\"", all, agree_, if_gcj02_), fmt::format("of {} points whose rows name a cell {} lie in it, and {} more would if their coordinates were in GCJ-02 (about 500 m off): give crs = \"GCJ-02\" if they come from an internet map", all, agree_, if_gcj02_)};
  if (said(if_converted_twice_) && (crs_ == "GCJ-02" || crs_ == "BD-09"))
    return {fmt::format("{}个写明网格的点中，{}个落在该网格内，若不从{}转换则另有{}个落入：坐标似乎已是CGCS2000", all, agree_, crs_, if_converted_twice_), fmt::format("of {} points whose rows name a cell {} lie in it, and {} more would if their coordinates were not converted from {}: they seem to be in CGCS2000 already", all, agree_, if_converted_twice_, crs_)};
  return {};
}

std::vector<std::string> PlaceJudge::suspects() const {
  std::vector<std::string> out;
  if (nowhere_.count > 0) out.push_back(fmt::format("{} of {} points lie in no cell ({}) / {}个点不在任何网格内", nowhere_.count, points_, nowhere_.rows(), nowhere_.count));
  if (strays_.count > 0)
    out.push_back(fmt::format("{} of {} points lie outside the cell that their row names, and count {} ({}) / {}个点落在所写网格之外，{}", strays_.count, agree_ + strays_.count,
                              named_counts_ ? "where it says" : "by enterprise or where they lie", strays_.rows(), strays_.count, named_counts_ ? "按所写网格归属" : "按企业或所在位置归属"));
  return out;
}

}  // namespace gridward::service
