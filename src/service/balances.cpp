#include "service/balances.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "service/cells.h"
#include "service/district_map.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

constexpr int kVillage = 3;

Sentence impossible(const ZoningBound& bound, const FindingCell& heaviest) {
  using Reason = ZoningBound::Reason;
  if (bound.reason == Reason::unit)
    return {fmt::format("无法均衡：仅{}（{}）一处的工作量就是人均的 {:.2f} 倍。", heaviest.name, heaviest.code, bound.max_to_mean),
            fmt::format("Balance is impossible: {} ({}) alone is {:.2f} times the mean load.", heaviest.name, heaviest.code, bound.max_to_mean)};
  const Sentence why = bound.reason == Reason::locked ? Sentence{"锁定的村居所致", "because of locked villages"}
                       : bound.reason == Reason::ground ? Sentence{"辖区不相连", "the ground lies in pieces that no zone spans"}
                                                        : Sentence{"村居太少或太大", "villages are too few or too large"};
  return {fmt::format("无法均衡：任何方案中最忙者至少是人均的 {:.2f} 倍（{}）。", bound.max_to_mean, why.zh), fmt::format("Balance is impossible: in any plan the busiest has at least {:.2f} times the mean load ({}).", bound.max_to_mean, why.en)};
}

class Maker {
 public:
  Maker(storage::Tx& tx, FigureSources& sources, const BalanceAsked& asked, const District& district, Balance& out) : tx_(tx), sources_(sources), asked_(asked), district_(district), out_(out) {}

  Result<void> make() {
    map_ = read_district_map(tx_, district_.id, out_.at);
    read_villages();
    if (out_.villages.empty()) return fail(Errc::rule_violated, "There are no villages in this cell.");
    problem_.current.assign(out_.villages.size(), kNoZone);
    problem_.locked.assign(out_.villages.size(), false);
    if (auto ok = read_zones(); !ok) return ok;
    read_borders();
    if (auto ok = take_wishes(); !ok) return ok;
    auto zoning = balance_zones(problem_, asked_.options);
    if (!zoning) return fail(zoning.error());
    out_.zoning = std::move(*zoning);
    out_.current = problem_.current;
    judge();
    return {};
  }

 private:
  void read_villages() {
    const DistrictWork work = read_work(tx_, sources_.rosters, district_, map_, out_.at, asked_.days);
    out_.minutes = work.minutes;
    for (const DistrictMap::Area& area : map_.areas) {
      if (area.cell.level != kVillage || !map_.below(area.cell.id, out_.within.id)) continue;
      const CellWork& done = work.cells.at(area.cell.id);
      numbers_.emplace(area.cell.id, out_.villages.size());
      out_.villages.push_back({area.cell, done.minutes(kBalancedVisits, work.minutes), done.enterprises});
      problem_.load.push_back(out_.villages.back().minutes);
      problem_.cost.push_back(static_cast<double>(done.enterprises));
    }
  }

  /// Who shares: the named, or those who hold a village now; their villages are theirs. Others' villages are in no zone and get one.
  Result<void> read_zones() {
    const auto rows = tx_.run(sql::workload_holders, {std::to_string(district_.id), out_.at});
    std::unordered_map<std::int64_t, std::size_t> zone_of;
    const auto add = [&](std::int64_t person, std::string name) {
      const auto [at, fresh] = zone_of.try_emplace(person, out_.zones.size());
      if (fresh) out_.zones.push_back({person, std::move(name)});
      return at->second;
    };
    for (const std::int64_t person : asked_.people) {
      const auto known = tx_.run(sql::balance_person, {std::to_string(district_.id), std::to_string(person)});
      if (known.size() == 0) return fail(Error::field("people", fmt::format("{} is nobody of this district", person)));
      add(person, known.text(0, "name"));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto village = numbers_.find(rows.integer(i, "cell_id"));
      const std::int64_t person = rows.integer(i, "person_id");
      if (rows.text(i, "post") != kBalancedPost || village == numbers_.end()) continue;
      if (asked_.people.empty() ? asked_.zones != 0 : !zone_of.contains(person)) continue;
      problem_.current[village->second] = add(person, rows.text(i, "name"));
    }
    if (asked_.people.empty() && asked_.zones != 0) out_.zones.resize(asked_.zones);
    if (out_.zones.empty()) return fail(Errc::rule_violated, "Nobody holds a village here: name people, or how many zones to make.");
    problem_.zones = out_.zones.size();
    return {};
  }

  void read_borders() {
    const auto ground = sources_.neighbours.find(tx_, district_, kVillage, out_.at, "");
    problem_.beside.resize(out_.villages.size());
    for (std::size_t i = 0; i < ground->cells.size(); ++i) {
      const auto from = numbers_.find(ground->cells[i]);
      if (from == numbers_.end()) continue;
      for (const geo::Contact& contact : ground->touching.contacts[i]) {
        const auto to = numbers_.find(ground->cells[contact.to]);
        if (to == numbers_.end() || contact.metres < asked_.min_shared_m) continue;
        problem_.beside[from->second].push_back({to->second, contact.metres});
        out_.borders += from->second < to->second ? 1 : 0;
      }
    }
  }

  Result<std::size_t> village(const std::string& text, const char* field) {
    const auto id = resolve_cell(tx_, text, out_.at);
    if (!id) return fail(Error::field(field, id.error().detail));
    const auto found = numbers_.find(*id);
    if (found == numbers_.end()) return fail(Error::field(field, "\"" + text + "\" is not a village of this cell on that day"));
    return found->second;
  }

  Result<void> take_wishes() {
    for (const std::string& text : asked_.locked) {
      const auto at = village(text, "locked");
      if (!at) return fail(at.error());
      problem_.locked[*at] = true;
    }
    for (const auto& [one, other] : asked_.barriers) {
      const auto a = village(one, "barriers"), b = village(other, "barriers");
      if (!a) return fail(a.error());
      if (!b) return fail(b.error());
      for (const auto& [from, to] : {std::pair{*a, *b}, std::pair{*b, *a}}) std::erase_if(problem_.beside[from], [to = to](const SharedEdge& edge) { return edge.to == to; });
    }
    return {};
  }

  void judge() {
    const ZoningBound& bound = out_.zoning.bound;
    const double reached = out_.zoning.after.spread.max_to_mean;
    const double percent = 100 * (reached - 1), least = 100 * (bound.max_to_mean - 1);
    out_.possible = bound.max_to_mean <= kEven;
    if (!out_.possible) {
      out_.verdict = impossible(bound, out_.villages[bound.unit].cell);
      return;
    }
    const bool anew = std::ranges::all_of(problem_.current, [](std::size_t zone) { return zone == kNoZone; });  // nothing was shared out before
    const double before = 100 * (out_.zoning.before.spread.max_to_mean - 1);
    out_.verdict = {fmt::format("最忙者比人均多 {:.1f}%（{}）；任何方案都至少多 {:.1f}%。", percent, anew ? "重新划分，此前没有分工" : fmt::format("此前 {:.1f}%", before), least),
                    fmt::format("The busiest has {:.1f} % more than the mean ({}); no plan can do better than {:.1f} %.", percent, anew ? "drawn anew, nothing was shared out before" : fmt::format("before: {:.1f} %", before), least)};
  }

  storage::Tx& tx_;
  FigureSources& sources_;
  const BalanceAsked& asked_;
  const District& district_;
  Balance& out_;
  DistrictMap map_;
  std::unordered_map<std::int64_t, std::size_t> numbers_;  // of villages, by cell
  ZoningProblem problem_;
};

}  // namespace

Result<Balance> balance(FigureSources& sources, const Principal& who, const BalanceAsked& asked) {
  if (!asked.people.empty() && asked.zones != 0) return fail(Error::field("zones", "goes without people: each of them has one"));
  return sources.reads.read<Balance>([&](storage::Tx& tx) -> Result<Balance> {
    Balance out;
    const auto seen = find_seen_cell(tx, who, asked.within, asked.at);
    if (!seen) return fail(seen.error());
    out.within = seen->within;
    out.at = seen->at;
    if (auto ok = Maker(tx, sources, asked, seen->district, out).make(); !ok) return fail(ok.error());
    return out;
  });
}

}  // namespace gridward::service
