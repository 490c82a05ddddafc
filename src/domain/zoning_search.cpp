#include "domain/zoning_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/biconnected_components.hpp>

#include "domain/zoning_growth.h"

namespace gridward {
namespace {

constexpr std::size_t kPatience = 200;   // steps without a better plan, or as many as there are units, then a search ends
constexpr std::size_t kMostSteps = 10;   // times that, in all
constexpr std::size_t kLeastTenure = 4, kMoreTenure = 12;  // steps for which a unit that moved stays
constexpr double kBetter = 1e-12;        // less is rounding
constexpr std::size_t kTried = 40;       // exchanges whose ground is looked at, the best first

/// A unit that goes to a zone, and perhaps another that comes back for it.
struct Move {
  std::size_t unit = kNoZone, to = kNoZone, back = kNoZone;
  double objective = 0;
};

class Search {
 public:
  Search(const ZoningProblem& problem, const ZoningOptions& options, stats::Random& dice, std::vector<std::size_t>& zone)
      : p_(problem), o_(options), dice_(dice), zone_(zone), load_(problem.zones), members_(problem.zones), cut_(zone.size()), until_(zone.size()) {
    for (std::size_t u = 0; u < zone.size(); ++u) {
      load_[zone[u]] += p_.load[u];
      members_[zone[u]].push_back(u);
      all_cost_ += p_.cost[u];
      if (moved(u, zone[u])) cost_ += p_.cost[u];
      for (const SharedEdge& edge : p_.beside[u]) {
        if (edge.to <= u) continue;
        all_metres_ += edge.metres;
        if (zone[u] != zone[edge.to]) metres_ += edge.metres;
      }
    }
    mean_ = std::accumulate(load_.begin(), load_.end(), 0.0) / static_cast<double>(p_.zones);
    find_even();
    find_heaviest();
    for (std::size_t z = 0; z < p_.zones; ++z) find_cuts(z);
  }

  std::size_t run() {
    if (!(mean_ > 0)) return 0;
    settle_empty();
    find_even();
    std::vector<std::size_t> best = zone_;
    double lowest = objective(0, 0, 0, kNoZone, 0, kNoZone, 0);
    const std::size_t patience = std::max(kPatience, zone_.size());
    std::size_t since = 0;
    for (step_ = 1; since <= patience && step_ <= kMostSteps * patience; ++step_, ++since) {
      const double now = objective(0, 0, 0, kNoZone, 0, kNoZone, 0);
      Move move = best_single(lowest);
      if (move.unit == kNoZone || move.objective > now - kBetter)
        if (const Move exchange = best_exchange(now); exchange.unit != kNoZone) move = exchange;
      if (move.unit == kNoZone) break;
      apply(move);
      if (const double reached = objective(0, 0, 0, kNoZone, 0, kNoZone, 0); reached < lowest - kBetter) lowest = reached, best = zone_, since = 0;
    }
    zone_ = best;
    return step_;
  }

 private:
  static double square(double x) { return x * x; }
  [[nodiscard]] bool moved(std::size_t u, std::size_t z) const { return p_.current[u] != kNoZone && p_.current[u] != z; }

  /// What the objective would be with two zones' loads and some sums changed.
  [[nodiscard]] double objective(double more_squares, double more_cost, double more_metres, std::size_t a, double load_a, std::size_t b, double load_b) const {
    double most = a == kNoZone ? 0 : std::max(load_a, load_b);
    for (const std::size_t z : heaviest_)
      if (z != kNoZone && z != a && z != b) {
        most = std::max(most, load_[z]);
        break;
      }
    const double uneven = std::sqrt(std::max(0.0, squares_ + more_squares) / static_cast<double>(p_.zones)) / mean_;
    return most / mean_ - 1 + uneven + (all_cost_ > 0 ? o_.moved_weight * (cost_ + more_cost) / all_cost_ : 0) +
           (all_metres_ > 0 ? o_.perimeter_weight * (metres_ + more_metres) / all_metres_ : 0);
  }

  void find_even() {
    even_ = even_loads(p_, zone_);
    squares_ = 0;
    for (std::size_t z = 0; z < p_.zones; ++z) squares_ += off(z, load_[z]);
  }
  /// The square of what a load is off that of even zones.
  [[nodiscard]] double off(std::size_t z, double load) const { return square(load - even_[z]); }

  void find_heaviest() {
    heaviest_.fill(kNoZone);
    for (std::size_t z = 0; z < p_.zones; ++z) {
      std::size_t at = z;
      for (std::size_t& held : heaviest_)
        if (held == kNoZone || (at != kNoZone && load_[at] > load_[held])) std::swap(held, at);
    }
  }

  /// Marks the units of a zone that hold it together (Boost.Graph's articulation points).
  void find_cuts(std::size_t z) {
    const auto& members = members_[z];
    local_.resize(zone_.size());
    for (std::size_t i = 0; i < members.size(); ++i) local_[members[i]] = i, cut_[members[i]] = false;
    boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS> graph(members.size());
    for (const std::size_t u : members)
      for (const SharedEdge& edge : p_.beside[u])
        if (edge.to > u && zone_[edge.to] == z) boost::add_edge(local_[u], local_[edge.to], graph);
    std::vector<std::size_t> cuts;
    boost::articulation_points(graph, std::back_inserter(cuts));
    for (const std::size_t i : cuts) cut_[members[i]] = true;
  }

  [[nodiscard]] bool free(std::size_t u) const { return !p_.locked[u] && members_[zone_[u]].size() > 1; }
  [[nodiscard]] double cost_of(std::size_t u, std::size_t to) const { return p_.cost[u] * ((moved(u, to) ? 1 : 0) - (moved(u, zone_[u]) ? 1 : 0)); }

  /// Metres of border that a unit's going to a zone adds.
  [[nodiscard]] double metres_of(std::size_t u, std::size_t to) const {
    double sum = 0;
    for (const SharedEdge& edge : p_.beside[u]) sum += edge.metres * ((zone_[edge.to] == zone_[u] ? 1 : 0) - (zone_[edge.to] == to ? 1 : 0));
    return sum;
  }
  [[nodiscard]] bool within_budget(double more) const { return !o_.most_cost || more <= 0 || cost_ + more <= *o_.most_cost; }

  [[nodiscard]] double after_shift(std::size_t a, std::size_t b, double load, double more_cost, double more_metres) const {
    const double load_a = load_[a] - load, load_b = load_[b] + load;
    const double squares = off(a, load_a) + off(b, load_b) - off(a, load_[a]) - off(b, load_[b]);
    return objective(squares, more_cost, more_metres, a, load_a, b, load_b);
  }

  /// Zones without a unit get one, from where it helps most.
  void settle_empty() {
    for (std::size_t z = 0; z < p_.zones; ++z) {
      if (!members_[z].empty()) continue;
      Move best;
      for (std::size_t u = 0; u < zone_.size(); ++u) {
        if (!free(u) || cut_[u] || !within_budget(cost_of(u, z))) continue;
        const double reached = after_shift(zone_[u], z, p_.load[u], cost_of(u, z), metres_of(u, z));
        if (best.unit == kNoZone || reached < best.objective) best = {u, z, kNoZone, reached};
      }
      if (best.unit != kNoZone) apply(best);
    }
  }

  /// The best move of one unit over a border that is not tabu, or is better than all before.
  [[nodiscard]] Move best_single(double lowest) const {
    Move best;
    std::vector<std::size_t> tried;
    for (std::size_t u = 0; u < zone_.size(); ++u) {
      if (!free(u) || cut_[u]) continue;
      tried.clear();
      for (const SharedEdge& edge : p_.beside[u]) {
        const std::size_t to = zone_[edge.to];
        if (to == zone_[u] || std::ranges::find(tried, to) != tried.end()) continue;
        tried.push_back(to);
        const double more = cost_of(u, to);
        if (!within_budget(more)) continue;
        const double reached = after_shift(zone_[u], to, p_.load[u], more, metres_of(u, to));
        if (until_[u] > step_ && reached >= lowest - kBetter) continue;
        if (best.unit == kNoZone || reached < best.objective) best = {u, to, kNoZone, reached};
      }
    }
    return best;
  }

  /// A unit beside a zone that is not its own.
  struct Fringe {
    std::size_t zone, beside, unit;
    auto operator<=>(const Fringe&) const = default;
  };

  /// The units that are free and lie on a border, in order.
  [[nodiscard]] std::vector<Fringe> fringes() const {
    std::vector<Fringe> out;
    for (std::size_t u = 0; u < zone_.size(); ++u) {
      if (!free(u)) continue;
      for (const SharedEdge& edge : p_.beside[u])
        if (zone_[edge.to] != zone_[u]) out.push_back({zone_[u], zone_[edge.to], u});
    }
    std::ranges::sort(out);
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

  /// The best exchange of two units over a border that lowers the objective.
  Move best_exchange(double now) {
    const auto all = fringes();
    std::vector<Move> better;
    for (const Fringe& f : all) {
      if (f.beside < f.zone) continue;  // found from the other side
      auto other = std::ranges::lower_bound(all, Fringe{f.beside, f.zone, 0});
      for (; other != all.end() && other->zone == f.beside && other->beside == f.zone; ++other) {
        const double more = cost_of(f.unit, f.beside) + cost_of(other->unit, f.zone);
        const double metres = metres_of(f.unit, f.beside) + metres_of(other->unit, f.zone) + 2 * metres_between(f.unit, other->unit);  // what is between them stays a border
        const double reached = after_shift(f.zone, f.beside, p_.load[f.unit] - p_.load[other->unit], more, metres);
        if (reached < now - kBetter && within_budget(more)) better.push_back({f.unit, f.beside, other->unit, reached});
      }
    }
    const std::size_t tried = std::min(better.size(), kTried);
    std::ranges::partial_sort(better, better.begin() + static_cast<std::ptrdiff_t>(tried), {}, &Move::objective);
    for (std::size_t i = 0; i < tried; ++i)
      if (keeps_ground(better[i])) return better[i];
    return {};
  }

  [[nodiscard]] double metres_between(std::size_t u, std::size_t v) const {
    for (const SharedEdge& edge : p_.beside[u])
      if (edge.to == v) return edge.metres;
    return 0;
  }

  /// Pieces of a zone as it would be without one unit and with another.
  std::size_t pieces(std::size_t z, std::size_t without, std::size_t with) {
    std::vector<std::size_t> units;
    for (const std::size_t u : members_[z])
      if (u != without) units.push_back(u);
    if (with != kNoZone) units.push_back(with);
    ++mark_;
    inside_.resize(zone_.size());
    for (const std::size_t u : units) inside_[u] = mark_;
    std::size_t count = 0;
    for (const std::size_t start : units) {
      if (inside_[start] != mark_) continue;
      ++count;
      stack_ = {start};
      inside_[start] = 0;
      while (!stack_.empty()) {
        const std::size_t u = stack_.back();
        stack_.pop_back();
        for (const SharedEdge& edge : p_.beside[u])
          if (inside_[edge.to] == mark_) inside_[edge.to] = 0, stack_.push_back(edge.to);
      }
    }
    return count;
  }

  bool keeps_ground(const Move& m) {
    const std::size_t from = zone_[m.unit];
    return pieces(from, m.unit, m.back) <= pieces(from, kNoZone, kNoZone) && pieces(m.to, m.back, m.unit) <= pieces(m.to, kNoZone, kNoZone);
  }

  void shift(std::size_t u, std::size_t to) {
    const std::size_t from = zone_[u];
    cost_ += cost_of(u, to);
    metres_ += metres_of(u, to);
    squares_ -= off(from, load_[from]) + off(to, load_[to]);
    load_[from] -= p_.load[u];
    load_[to] += p_.load[u];
    squares_ += off(from, load_[from]) + off(to, load_[to]);
    std::erase(members_[from], u);
    members_[to].push_back(u);
    zone_[u] = to;
    until_[u] = step_ + kLeastTenure + dice_.below(kMoreTenure);
  }

  void apply(const Move& m) {
    const std::size_t from = zone_[m.unit];
    shift(m.unit, m.to);
    if (m.back != kNoZone) shift(m.back, from);
    find_cuts(from);
    find_cuts(m.to);
    find_heaviest();
  }

  const ZoningProblem& p_;
  const ZoningOptions& o_;
  stats::Random& dice_;
  std::vector<std::size_t>& zone_;
  std::vector<double> load_, even_;
  std::vector<std::vector<std::size_t>> members_;  // of each zone
  std::vector<bool> cut_;                          // units without which their zone would fall apart
  std::vector<std::size_t> until_;                 // the step up to which each stays
  std::array<std::size_t, 3> heaviest_{};          // zones, the heaviest first
  double mean_ = 0, squares_ = 0, cost_ = 0, all_cost_ = 0, metres_ = 0, all_metres_ = 0;
  std::size_t step_ = 0, mark_ = 0;
  std::vector<std::size_t> local_, inside_, stack_;
};

}  // namespace

std::size_t improve_zones(const ZoningProblem& problem, const ZoningOptions& options, stats::Random& dice, std::vector<std::size_t>& zone) {
  return Search(problem, options, dice, zone).run();
}

}  // namespace gridward
