#include "service/rosters.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <unordered_map>

#include "sql.gen.h"

namespace gridward::service {
namespace {

constexpr std::size_t kMostBytes = std::size_t{256} << 20;

DaySpan span_of(const storage::Rows& rows, std::size_t i, int since, int until) {
  return {static_cast<DayNumber>(rows.integer(i, since)), static_cast<DayNumber>(rows.integer(i, until, kNever))};
}

/// Finds enterprises while rows come in order of their cells.
class Filler {
 public:
  explicit Filler(std::vector<Enterprise>& all) : all_(all) {
    for (std::size_t i = 0; i < all.size(); ++i) index_.emplace(all[i].cell, i);
  }
  /// nullptr for a cell that never lived.
  Enterprise* at(std::int64_t cell) {
    if (last_ != nullptr && last_->cell == cell) return last_;
    const auto found = index_.find(cell);
    return last_ = found == index_.end() ? nullptr : &all_[found->second];
  }

 private:
  std::vector<Enterprise>& all_;
  std::unordered_map<std::int64_t, std::size_t> index_;
  Enterprise* last_ = nullptr;
};

void read_lives(storage::Tx& tx, const std::vector<storage::Param>& p, std::vector<Enterprise>& all) {
  const auto rows = tx.run(sql::roster_lives, p);
  const int cell = rows.column("cell_id"), since = rows.column("since"), until = rows.column("until");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int64_t id = rows.integer(i, cell);
    if (all.empty() || all.back().cell != id) all.push_back({.cell = id});
    all.back().lives.push_back(span_of(rows, i, since, until));
  }
}

void read_parents(storage::Tx& tx, const std::vector<storage::Param>& p, Filler& fill) {
  const auto rows = tx.run(sql::roster_parents, p);
  const int cell = rows.column("cell_id"), parent = rows.column("parent_id"), since = rows.column("since"), until = rows.column("until");
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (Enterprise* e = fill.at(rows.integer(i, cell))) e->parents.emplace_back(span_of(rows, i, since, until), rows.integer(i, parent));
}

void read_facts(storage::Tx& tx, const std::vector<storage::Param>& p, Filler& fill) {
  const auto rows = tx.run(sql::roster_facts, p);
  const int cell = rows.column("cell_id"), since = rows.column("since"), until = rows.column("until"), grade = rows.column("risk_grade"), industry = rows.column("industry"),
            headcount = rows.column("headcount"), located = rows.column("located"), department = rows.column("has_department");
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (Enterprise* e = fill.at(rows.integer(i, cell)))
      e->facts.push_back({span_of(rows, i, since, until), static_cast<int>(rows.integer(i, grade)), std::string(rows.view(i, industry)), static_cast<int>(rows.integer(i, headcount)),
                          rows.view(i, located) == "t", rows.view(i, department) == "t"});
}

void read_exemptions(storage::Tx& tx, const std::vector<storage::Param>& p, Filler& fill) {
  const auto rows = tx.run(sql::roster_exemptions, p);
  const int cell = rows.column("cell_id"), since = rows.column("since"), until = rows.column("until");
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (Enterprise* e = fill.at(rows.integer(i, cell))) e->exemptions.push_back(span_of(rows, i, since, until));
}

std::vector<DayNumber>& visits_of(Enterprise& e, std::string_view kind) { return e.visits[static_cast<std::size_t>(kind == "inspection" ? VisitKind::inspection : VisitKind::patrol)]; }

/// The days of a year with visits, from hexadecimal bits, of which the first eight digits are their length; in order.
void add_days(std::vector<DayNumber>& visits, DayNumber start, std::string_view hex) {
  for (std::size_t word = 8; word < hex.size(); word += 16) {
    std::uint64_t bits = 0;
    const auto digits = hex.substr(word, 16);
    std::from_chars(digits.data(), digits.data() + digits.size(), bits, 16);
    bits <<= 4 * (16 - digits.size());
    for (; bits != 0; bits &= ~(std::uint64_t{1} << 63 >> std::countl_zero(bits)))
      visits.push_back(start + static_cast<DayNumber>((word - 8) * 4) + std::countl_zero(bits));
  }
}

/// Further visits of days, which are listed as how far each is into the year, from 1; keeps the days in order.
void add_more(std::vector<DayNumber>& year, DayNumber start, std::string_view list) {
  const auto days = static_cast<std::ptrdiff_t>(year.size());
  for (const char* at = list.data(); at < list.data() + list.size(); ++at) {
    DayNumber day = 0;
    at = std::from_chars(at, list.data() + list.size(), day).ptr;
    year.push_back(start + day - 1);
  }
  std::sort(year.begin() + days, year.end());
  std::inplace_merge(year.begin(), year.begin() + days, year.end());
}

/// Puts years of visits in place of what was known of them.
void put_visits(const storage::Rows& rows, Filler& fill) {
  const int kind = rows.column("kind"), cell = rows.column("cell_id"), start = rows.column("start"), until = rows.column("until"), days = rows.column("days"), more = rows.column("more");
  std::vector<DayNumber> year;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Enterprise* e = fill.at(rows.integer(i, cell));
    if (e == nullptr) continue;
    year.clear();
    const auto from = static_cast<DayNumber>(rows.integer(i, start));
    add_days(year, from, rows.view(i, days));
    if (!rows.view(i, more).empty()) add_more(year, from, rows.view(i, more));
    auto& visits = visits_of(*e, rows.view(i, kind));
    const auto old = std::ranges::lower_bound(visits, from);
    const auto rest = visits.erase(old, std::lower_bound(old, visits.end(), static_cast<DayNumber>(rows.integer(i, until))));
    visits.insert(rest, year.begin(), year.end());
  }
}

void read_visits_known(storage::Tx& tx, const std::string& district, const std::string& known_at, Filler& fill) {
  const auto rows = tx.run(sql::roster_visits_known, {district, known_at});
  const int kind = rows.column("kind"), cell = rows.column("cell_id"), day = rows.column("day"), visits = rows.column("visits");
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (Enterprise* e = fill.at(rows.integer(i, cell))) {
      auto& all = visits_of(*e, rows.view(i, kind));
      all.insert(all.end(), static_cast<std::size_t>(rows.integer(i, visits)), static_cast<DayNumber>(rows.integer(i, day)));
    }
}

VisitRules read_rules(storage::Tx& tx, const std::vector<storage::Param>& p) {
  const auto rows = tx.run(sql::roster_rules, p);
  const int since = rows.column("since"), until = rows.column("until");
  constexpr DayNumber ever = std::numeric_limits<DayNumber>::min();
  std::vector<VisitRule> rules;
  for (std::size_t i = 0; i < rows.size(); ++i)
    rules.push_back({rows.text(i, "kind") == "inspection" ? VisitKind::inspection : VisitKind::patrol, static_cast<int>(rows.integer(i, "risk_grade")), rows.text(i, "industry"),
                     static_cast<int>(rows.integer(i, "interval_days")), static_cast<int>(rows.integer(i, "grace_days")), static_cast<int>(rows.integer(i, "yearly_cap")),
                     {static_cast<DayNumber>(rows.integer(i, since, ever)), static_cast<DayNumber>(rows.integer(i, until, kNever))}});
  return VisitRules(std::move(rules));
}

/// What is said of enterprises; `cells`: of those alone.
std::vector<Enterprise> read_said(storage::Tx& tx, std::int64_t district, const std::string& known_at, storage::Param cells) {
  const std::vector<storage::Param> p = {std::to_string(district), storage::or_null(known_at), std::move(cells)};
  std::vector<Enterprise> all;
  read_lives(tx, p, all);
  Filler fill(all);
  read_parents(tx, p, fill);
  read_facts(tx, p, fill);
  return all;
}

RosterPtr read_roster(storage::Tx& tx, std::int64_t district, const std::string& known_at) {
  auto roster = std::make_shared<Roster>();
  const std::vector<storage::Param> p = {std::to_string(district), storage::or_null(known_at)};
  roster->enterprises = read_said(tx, district, known_at, {});
  Filler fill(roster->enterprises);
  read_exemptions(tx, p, fill);
  if (known_at.empty()) put_visits(tx.run(sql::roster_visits, {std::to_string(district), storage::Param{}}), fill);
  else read_visits_known(tx, std::to_string(district), known_at, fill);
  roster->rules = read_rules(tx, p);
  return roster;
}

}  // namespace

std::vector<Enterprise> read_enterprises(storage::Tx& tx, std::int64_t district, const std::vector<std::int64_t>& cells) {
  std::string list;
  for (const std::int64_t cell : cells) list += (list.empty() ? "{" : ",") + std::to_string(cell);
  return list.empty() ? std::vector<Enterprise>{} : read_said(tx, district, "", list + "}");
}

const Enterprise* Roster::find(std::int64_t cell) const {
  const auto at = std::ranges::lower_bound(enterprises, cell, {}, &Enterprise::cell);
  return at == enterprises.end() || at->cell != cell ? nullptr : &*at;
}

std::size_t Roster::bytes() const {
  std::size_t sum = sizeof *this;
  for (const Enterprise& e : enterprises)
    sum += sizeof e + e.lives.capacity() * sizeof(DaySpan) + e.parents.capacity() * sizeof(e.parents[0]) + e.facts.capacity() * sizeof(EnterpriseFacts) +
           (e.visits[0].capacity() + e.visits[1].capacity()) * sizeof(DayNumber);
  return sum;
}

Rosters::Rosters() : kept_(kMostBytes, [](const Roster& r) { return r.bytes(); }) {}

RosterPtr Rosters::find(storage::Tx& tx, std::int64_t district, std::int64_t data_version, const std::string& known_at) {
  return kept_.find({district, data_version, known_at}, [&] { return known_at.empty() ? follow(tx, district, data_version) : read_roster(tx, district, known_at); });
}

RosterPtr Rosters::follow(storage::Tx& tx, std::int64_t district, std::int64_t data_version) {
  const auto state = tx.run(sql::roster_state, {std::to_string(district)});
  Last last;
  {
    const std::lock_guard lock(mutex_);
    last = last_[district];
  }
  if (last.roster == nullptr || last.register_version != state.integer(0, "register") || last.data_version > data_version) {
    last.roster = read_roster(tx, district, "");
  } else if (const auto years = tx.run(sql::roster_visits, {std::to_string(district), last.seen_below}); years.size() != 0) {
    auto next = std::make_shared<Roster>(*last.roster);
    Filler fill(next->enterprises);
    put_visits(years, fill);
    last.roster = std::move(next);
  }
  last = {data_version, state.integer(0, "register"), state.text(0, "seen_below"), last.roster};
  const std::lock_guard lock(mutex_);
  return (last_[district] = last).roster;
}

}  // namespace gridward::service
