#include "domain/zoning_growth.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace gridward {
namespace {

class Grower {
 public:
  Grower(const ZoningProblem& problem, stats::Random& dice, std::vector<std::size_t>& zone) : problem_(problem), dice_(dice), zone_(zone), load_(problem.zones), size_(problem.zones), piece_of_(ground_pieces(problem)) {
    find_pieces();
    std::vector<std::size_t> first(problem.zones, kNoZone);
    for (std::size_t u = 0; u < zone.size(); ++u) {
      if (zone[u] == kNoZone) continue;
      count(u, zone[u]);
      if (first[zone[u]] == kNoZone) first[zone[u]] = u, ++pieces_[piece_of_[u]].zones;
    }
  }

  void grow() {
    auto left = static_cast<std::size_t>(std::ranges::count(zone_, kNoZone));
    for (std::size_t z = 0; z < problem_.zones && left > 0; ++z)
      if (size_[z] == 0) take(seed(), z), --left;
    std::vector<bool> stuck(problem_.zones);
    for (; left > 0; --left) {
      std::size_t u = kNoZone, z = kNoZone;
      while (u == kNoZone && (z = lightest(stuck)) != kNoZone) {
        u = next_to(z);
        stuck[z] = u == kNoZone;
      }
      if (u == kNoZone) {  // what is left touches no zone
        u = static_cast<std::size_t>(std::ranges::find(zone_, kNoZone) - zone_.begin());
        z = lightest(std::vector<bool>(problem_.zones));
        stuck.assign(problem_.zones, false);
      }
      take(u, z);
      for (const SharedEdge& edge : problem_.beside[u])
        if (zone_[edge.to] != kNoZone) stuck[zone_[edge.to]] = false;
    }
  }

 private:
  /// A connected piece of ground, all zones aside.
  struct Piece {
    double load = 0;
    std::size_t zones = 0, free = 0;
  };

  void find_pieces() {
    for (std::size_t u = 0; u < zone_.size(); ++u) {
      if (piece_of_[u] >= pieces_.size()) pieces_.resize(piece_of_[u] + 1);
      pieces_[piece_of_[u]].load += problem_.load[u];
      pieces_[piece_of_[u]].free += zone_[u] == kNoZone ? 1 : 0;
    }
  }

  /// The piece that has no zone, or else the most load for each of its zones, and room for another; of those without a zone the one with the most load.
  [[nodiscard]] std::size_t neediest() const {
    const auto need = [](const Piece& p) { return p.free == 0 ? std::pair(false, -1.0) : std::pair(p.zones == 0, p.load / static_cast<double>(std::max(p.zones, std::size_t{1}))); };
    return static_cast<std::size_t>(std::ranges::max_element(pieces_, {}, need) - pieces_.begin());
  }

  void count(std::size_t u, std::size_t z) {
    load_[z] += problem_.load[u];
    ++size_[z];
  }
  void take(std::size_t u, std::size_t z) {
    zone_[u] = z;
    --pieces_[piece_of_[u]].free;
    count(u, z);
  }

  /// Steps from what is in a zone already to each unit that is in none; units that cannot be reached are the furthest.
  [[nodiscard]] std::vector<std::size_t> steps() const {
    std::vector<std::size_t> out(zone_.size(), kNoZone);
    std::deque<std::size_t> queue;
    for (std::size_t u = 0; u < zone_.size(); ++u)
      if (zone_[u] != kNoZone) out[u] = 0, queue.push_back(u);
    for (; !queue.empty(); queue.pop_front())
      for (const SharedEdge& edge : problem_.beside[queue.front()])
        if (zone_[edge.to] == kNoZone && out[edge.to] == kNoZone) out[edge.to] = out[queue.front()] + 1, queue.push_back(edge.to);
    return out;
  }

  /// A free unit of the neediest piece, as far as can be from all zones; of several one by chance.
  std::size_t seed() {
    const auto far = steps();
    const std::size_t piece = neediest();
    ++pieces_[piece].zones;
    std::vector<std::size_t> best;
    for (std::size_t u = 0; u < zone_.size(); ++u) {
      if (zone_[u] != kNoZone || piece_of_[u] != piece) continue;
      if (!best.empty() && far[u] < far[best.front()]) continue;
      if (!best.empty() && far[u] > far[best.front()]) best.clear();
      best.push_back(u);
    }
    return best[dice_.below(static_cast<std::uint32_t>(best.size()))];
  }

  [[nodiscard]] std::size_t lightest(const std::vector<bool>& stuck) const {
    std::size_t best = kNoZone;
    for (std::size_t z = 0; z < problem_.zones; ++z)
      if (!stuck[z] && (best == kNoZone || load_[z] < load_[best])) best = z;
    return best;
  }

  /// The free unit that has the longest border with a zone.
  [[nodiscard]] std::size_t next_to(std::size_t z) const {
    std::size_t best = kNoZone;
    double longest = -1;
    for (std::size_t u = 0; u < zone_.size(); ++u) {
      if (zone_[u] != kNoZone) continue;
      double shared = 0, whole = 0;
      for (const SharedEdge& edge : problem_.beside[u]) {
        whole += edge.metres;
        if (zone_[edge.to] == z) shared += edge.metres;
      }
      if (shared > 0 && shared / whole > longest) longest = shared / whole, best = u;
    }
    return best;
  }

  const ZoningProblem& problem_;
  stats::Random& dice_;
  std::vector<std::size_t>& zone_;
  std::vector<double> load_;
  std::vector<std::size_t> size_;
  std::vector<std::size_t> piece_of_;  // of each unit
  std::vector<Piece> pieces_;
};

}  // namespace

std::vector<std::size_t> ground_pieces(const ZoningProblem& problem) {
  std::vector<std::size_t> out(problem.load.size(), kNoZone), stack;
  std::size_t pieces = 0;
  for (std::size_t start = 0; start < out.size(); ++start) {
    if (out[start] != kNoZone) continue;
    out[start] = pieces;
    stack = {start};
    while (!stack.empty()) {
      const std::size_t u = stack.back();
      stack.pop_back();
      for (const SharedEdge& edge : problem.beside[u])
        if (out[edge.to] == kNoZone) out[edge.to] = pieces, stack.push_back(edge.to);
    }
    ++pieces;
  }
  return out;
}

std::vector<double> even_loads(const ZoningProblem& problem, const std::vector<std::size_t>& zone) {
  const auto piece_of = ground_pieces(problem);
  std::vector<std::size_t> of_zone(problem.zones, kNoZone);
  std::vector<double> load(piece_of.size()), zones(piece_of.size());  // of each piece
  double all = 0;
  bool whole = true;  // no zone spans two, and none is empty
  for (std::size_t u = 0; u < zone.size(); ++u) {
    if (zone[u] == kNoZone) continue;
    all += problem.load[u];
    load[piece_of[u]] += problem.load[u];
    std::size_t& known = of_zone[zone[u]];
    whole = whole && (known == kNoZone || known == piece_of[u]);
    if (known == kNoZone) zones[piece_of[u]] += 1;
    known = piece_of[u];
  }
  std::vector<double> out(problem.zones, all / static_cast<double>(problem.zones));
  if (!whole || std::ranges::find(of_zone, kNoZone) != of_zone.end()) return out;
  for (std::size_t z = 0; z < problem.zones; ++z) out[z] = load[of_zone[z]] / zones[of_zone[z]];
  return out;
}

void grow_zones(const ZoningProblem& problem, stats::Random& dice, std::vector<std::size_t>& zone) { Grower(problem, dice, zone).grow(); }

}  // namespace gridward
