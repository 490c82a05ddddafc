#include "service/hazard_report.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "service/figure_rows.h"
#include "service/ground.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

/// What a row is of: a cell (0: none of the level), or an industry.
struct Key {
  std::int64_t cell = 0;
  IndustrySection industry;
};
struct Before {
  bool operator()(const Key& a, const Key& b) const { return a.cell != b.cell ? a.cell < b.cell : before(a.industry, b.industry); }
};
using Tallies = std::map<Key, OfficialTally, Before>;

/// The table of a period by number, as in_table() of the kept counts has it: the month, the quarter, or the months of the year up to one.
int table_of(PeriodKind kind, Day last) {
  const auto month = static_cast<int>(static_cast<unsigned>(std::chrono::year_month_day{last}.month()));
  return kind == PeriodKind::month ? month : kind == PeriodKind::quarter ? 12 + (month + 2) / 3 : 16 + month;
}

/// One window of a report. `whole` is its period by the calendar: the window ends before it while it runs.
class Counting {
 public:
  Counting(const Gathering& what, bool by_area, PeriodKind kind, Window whole) : what_(what), by_area_(by_area), kind_(kind), whole_(whole) {}

  Tallies count(storage::Tx& tx, FigureSources& sources) {
    const FiguresAsked& asked = what_.asked;
    const Day first = what_.map_day.empty() ? asked.from : *parse_day(what_.map_day);
    where_.cells = sources.cells.find(tx, what_.district, first, what_.map_day.empty() ? asked.to : first + std::chrono::days{1}, asked.known_at);
    count_hazards(tx);
    count_units(tx, sources.rosters);
    return std::move(tallies_);
  }

 private:
  /// The row of a place, or nullptr when it lies outside the asked cell.
  OfficialTally* row(const Way& way, std::string_view industry) {
    if (what_.within.level > 1 && way.at[what_.within.level] != what_.within.id) return nullptr;
    if (!by_area_) return &tallies_[Key{0, industry_section(industry)}];
    // A hazard may be listed long after the cell that it is counted for has ended: it is then in none of the table's.
    const std::int64_t cell = way.at[what_.asked.level];
    return &tallies_[Key{where_.cells->contains(cell) ? cell : 0, {}}];
  }

  void count_hazards(storage::Tx& tx) {
    const FiguresAsked& asked = what_.asked;
    const Day today = *parse_day(what_.district.today), until = std::min(asked.to, today + std::chrono::days{1});
    std::vector<storage::Param> p = {std::to_string(what_.district.id), to_string(asked.to - std::chrono::days{1}), to_string(asked.from), to_string(asked.to), to_string(until), storage::or_null(what_.map_day)};
    const bool kept = is_kept(tx, until);
    p.push_back(kept ? storage::Param(std::to_string(table_of(kind_, whole_.to - std::chrono::days{1}))) : storage::or_null(asked.known_at));
    const auto rows = tx.run(kept ? sql::figures_official_kept : sql::figures_official, p);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Way way{{0, rows.integer(i, "district_cell"), rows.integer(i, "town_cell"), rows.integer(i, "village_cell")}};
      if (!what_.map_day.empty()) way = way_of(where_, way.leaf());
      if (OfficialTally* into = row(way, rows.text(i, "industry")))
        into->add({0, rows.real(i, "general_found"), rows.real(i, "general_closed"), rows.real(i, "major_found"), rows.real(i, "major_closed"), rows.real(i, "in_plan"), rows.real(i, "five_in_place"),
                   rows.real(i, "listed"), rows.real(i, "listed_by_province"), rows.real(i, "funds_yuan")});
      note_found(rows.text(i, "enterprises"));
    }
  }

  /// Whether the kept counts, which know months, say what the window does: it ends with a month, or nothing that they count comes after its end.
  bool is_kept(storage::Tx& tx, Day until) {
    const FiguresAsked& asked = what_.asked;
    if (!asked.known_at.empty() || until < asked.to) return false;
    if (asked.to == whole_.to) return true;
    const auto year = static_cast<int>(std::chrono::year_month_day{asked.from}.year());
    return tx.run(sql::figures_official_ahead, {std::to_string(what_.district.id), std::to_string(year), to_string(until)}).text(0, "ahead") == "f";
  }

  void note_found(const std::string& list) {
    for (const char* at = list.data(); at < list.data() + list.size(); ++at) {
      std::int64_t id = 0;
      at = std::from_chars(at, list.data() + list.size(), id).ptr;
      found_.insert(id);
    }
  }

  /// Enterprises that somebody looked at: with a completed visit in the window, or with a hazard that was found there.
  void count_units(storage::Tx& tx, Rosters& rosters) {
    const Assessment assessment(tx, rosters, assessed_window(what_));
    const DaySpan window = assessment.window();
    assessment.each([&](const Enterprise& e, const Assessed& a) {
      const bool checked = e.visits_in(VisitKind::inspection, window) > 0 || e.visits_in(VisitKind::patrol, window) > 0 || found_.contains(e.cell);
      if (!checked) return;
      const EnterpriseFacts* facts = e.facts_on(window.to - 1);
      if (OfficialTally* into = row(way_of(where_, a.standing.leaf), facts == nullptr ? "" : std::string_view(facts->industry))) into->units += 1;
    });
  }

  const Gathering& what_;
  const bool by_area_;
  const PeriodKind kind_;
  const Window whole_;
  Gathered where_;
  Tallies tallies_;
  std::set<std::int64_t> found_;
};

void put_rows(HazardReport& report, const Tallies& tallies, OfficialTally OfficialRow::* part, const Gathering& what, const MapCells::Cells& cells) {
  for (const auto& one : tallies) {
    const Key& key = one.first;
    const OfficialTally& tally = one.second;
    (report.total.*part).add(tally);
    auto row = std::ranges::find_if(report.rows, [&](const OfficialRow& r) { return r.cell.id == key.cell && r.industry.key == key.industry.key; });
    if (row == report.rows.end()) {
      OfficialRow fresh;
      fresh.industry = key.industry;
      if (const auto cell = cells.find(key.cell); cell != cells.end()) fresh.cell = cell->second.cell;
      fresh.cell.district = what.district.id;
      row = report.rows.insert(report.rows.end(), fresh);
    }
    (*row).*part = tally;
  }
}

/// A row for every area, though nothing was found there; that of none last.
void complete_areas(HazardReport& report, const Gathering& what, const MapCells::Cells& cells) {
  for (const auto& [id, listed] : cells) {
    if (!is_row(what, listed) || std::ranges::any_of(report.rows, [id = id](const OfficialRow& r) { return r.cell.id == id; })) continue;
    OfficialRow row;
    row.cell = listed.cell;
    report.rows.push_back(row);
  }
}

void order_rows(HazardReport& report) {
  std::ranges::sort(report.rows, [](const OfficialRow& a, const OfficialRow& b) {
    if ((a.cell.id == 0) != (b.cell.id == 0)) return b.cell.id == 0;
    return a.cell.id != 0 ? a.cell.code < b.cell.code : before(a.industry, b.industry);
  });
}

}  // namespace

void OfficialTally::add(const OfficialTally& o) {
  for (double OfficialTally::* column : {&OfficialTally::units, &OfficialTally::general_found, &OfficialTally::general_closed, &OfficialTally::major_found, &OfficialTally::major_closed, &OfficialTally::in_plan,
                                         &OfficialTally::five_in_place, &OfficialTally::listed, &OfficialTally::listed_by_province, &OfficialTally::funds_yuan})
    this->*column += o.*column;
}

Result<HazardReport> hazard_report(FigureSources& sources, const Principal& who, const HazardReportAsked& asked) {
  return sources.reads.read<HazardReport>([&](storage::Tx& tx) -> Result<HazardReport> {
    const auto ground = find_ground(tx, who, asked.figures);
    if (!ground) return fail(ground.error());
    if (!ground->period.begun) return fail(Errc::rule_violated, "This period has not begun: its table can be made from " + to_string(ground->period.whole.from) + " on.");
    HazardReport report;
    report.within = ground->within;
    report.period = ground->period;
    report.cumulative = {first_of_year(ground->period.window.from), ground->period.window.to};
    report.data_until = ground->district.last_day;
    report.synthetic = ground->district.synthetic;
    FiguresAsked of_period = asked.figures, cumulative = asked.figures;
    of_period.from = report.period.window.from;
    of_period.to = cumulative.to = report.period.window.to;
    cumulative.from = report.cumulative.from;
    const Gathering part{of_period, ground->within, ground->district, ground->map_day}, whole{cumulative, ground->within, ground->district, ground->map_day};
    report.version = version_of(ground->district);
    report.as_of = ground->map_day;
    const Day first = ground->map_day.empty() ? cumulative.from : *parse_day(ground->map_day);
    const auto cells = sources.cells.find(tx, ground->district, first, ground->map_day.empty() ? cumulative.to : first + std::chrono::days{1}, cumulative.known_at);
    put_rows(report, Counting(whole, asked.by_area, PeriodKind::year_to_date, {cumulative.from, ground->period.whole.to}).count(tx, sources), &OfficialRow::cumulative, whole, *cells);
    put_rows(report, Counting(part, asked.by_area, ground->period.kind, ground->period.whole).count(tx, sources), &OfficialRow::period, whole, *cells);
    if (asked.by_area) complete_areas(report, whole, *cells);
    order_rows(report);
    report.scopes[report.within.id] = scope_of(part, report.within, false);
    for (const OfficialRow& row : report.rows)
      if (row.cell.id != 0) report.scopes[row.cell.id] = scope_of(part, row.cell, false);
    return report;
  });
}

}  // namespace gridward::service
