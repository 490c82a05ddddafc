#include "service/event_points.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>
#include <unordered_map>

#include "base/hex.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

constexpr std::size_t kMostBytes = std::size_t{512} << 20;
/// What was before and what comes after these years stands together, in the year before the first and in the last.
constexpr int kFirstYear = 2000, kLastYear = 2040;
constexpr double kNowhere = std::numeric_limits<double>::infinity();

int year_of(Day day) { return std::clamp(static_cast<int>(std::chrono::year_month_day{day}.year()), kFirstYear - 1, kLastYear); }

std::string first_day_of(int year) {
  if (year < kFirstYear) return "-infinity";
  return year > kLastYear ? "infinity" : to_string(Day{std::chrono::year{year} / 1 / 1});
}

bool is_before(const EventPoint& a, const EventPoint& b) {
  if (a.at.lat != b.at.lat) return a.at.lat < b.at.lat;
  return a.at.lon != b.at.lon ? a.at.lon < b.at.lon : a.id < b.id;
}

EventPoint::Id id_of(std::string_view text) {
  std::string digits(text);
  std::erase(digits, '-');
  const std::string bytes = from_hex(digits);
  EventPoint::Id id{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), id.size()), id.begin());
  return id;
}

double real_or_nowhere(std::string_view text) {
  double value = kNowhere;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Columns of events, by number.
struct Columns {
  explicit Columns(const storage::Rows& r)
      : id(r.column("id")), day(r.column("day")), closed(r.column("closed")), lon(r.column("lon")), lat(r.column("lat")), enterprise(r.column("enterprise_id")), chain(r.column("chain_id")),
        district(r.column("district_cell")), town(r.column("town_cell")), village(r.column("village_cell")), source(r.column("source")), grade(r.column("grade")), category(r.column("category")),
        result(r.column("result")), outcome(r.column("outcome")) {}
  int id, day, closed, lon, lat, enterprise, chain, district, town, village, source, grade, category, result, outcome;
};

/// Makes a year of rows, and of what was known of it.
class Writer {
 public:
  Writer() = default;
  explicit Writer(const EventYear& old) {
    year_.texts = old.texts;
    year_.chains = old.chains;
    for (std::uint32_t i = 1; i < old.texts.size(); ++i) texts_.emplace(old.texts[i], i);
    for (std::uint32_t i = 0; i < old.chains.size(); ++i) chains_.emplace(old.chains[i].id, i);
  }
  void add(const EventPoint& known) { year_.points.push_back(known); }
  void add(const storage::Rows& rows, std::size_t i, const Columns& c) {
    EventPoint p;
    p.at = {real_or_nowhere(rows.view(i, c.lon)), real_or_nowhere(rows.view(i, c.lat))};
    p.id = id_of(rows.view(i, c.id));
    p.enterprise = rows.integer(i, c.enterprise);
    p.day = static_cast<DayNumber>(rows.integer(i, c.day));
    p.closed = static_cast<DayNumber>(rows.integer(i, c.closed, kNever));
    p.chain = chain(rows, i, c);
    p.source = text(rows.view(i, c.source));
    p.grade = text(rows.view(i, c.grade));
    p.category = text(rows.view(i, c.category));
    p.result = text(rows.view(i, c.result));
    p.outcome = text(rows.view(i, c.outcome));
    year_.points.push_back(p);
  }
  /// `sorted`: how many of its first are in order already.
  EventPoints::Year finish(std::size_t sorted = 0) {
    const auto rest = year_.points.begin() + static_cast<std::ptrdiff_t>(sorted);
    std::sort(rest, year_.points.end(), is_before);
    std::inplace_merge(year_.points.begin(), rest, year_.points.end(), is_before);
    return std::make_shared<const EventYear>(std::move(year_));
  }

 private:
  std::uint32_t text(std::string_view said) {
    if (said.empty()) return 0;
    const auto [found, fresh] = texts_.try_emplace(std::string(said), static_cast<std::uint32_t>(year_.texts.size()));
    if (fresh) year_.texts.emplace_back(said);
    return found->second;
  }
  std::uint32_t chain(const storage::Rows& rows, std::size_t i, const Columns& c) {
    const std::int64_t id = rows.integer(i, c.chain);
    const auto [found, fresh] = chains_.try_emplace(id, static_cast<std::uint32_t>(year_.chains.size()));
    if (fresh) year_.chains.push_back({id, Way{{0, rows.integer(i, c.district), rows.integer(i, c.town), rows.integer(i, c.village)}}});
    return found->second;
  }

  EventYear year_;
  std::unordered_map<std::string, std::uint32_t> texts_;
  std::unordered_map<std::int64_t, std::uint32_t> chains_;
};

/// Reads the events of the years from one to another.
std::map<int, EventPoints::Year> read_years(storage::Tx& tx, std::int64_t district, const std::string& kind, int first, int last) {
  const auto rows = tx.run(sql::points_of_days, {std::to_string(district), kind, first_day_of(first), first_day_of(last + 1)});
  const Columns columns(rows);
  std::map<int, Writer> writers;
  for (int year = first; year <= last; ++year) writers[year];
  for (std::size_t i = 0; i < rows.size(); ++i) writers[year_of(day_of(static_cast<DayNumber>(rows.integer(i, columns.day))))].add(rows, i, columns);
  std::map<int, EventPoints::Year> out;
  for (auto& [year, writer] : writers) out[year] = writer.finish();
  return out;
}

/// Single writes, by the years that they touch.
struct Changes {
  std::set<EventPoint::Id> events;
  std::map<int, std::map<EventPoint::Id, std::size_t>> years;  // the row of each event that stands in it now
};

Changes changes_of(const storage::Rows& rows, const Columns& columns) {
  const int before = rows.column("day_before");
  const auto year = [&](std::size_t i, int column) { return year_of(day_of(static_cast<DayNumber>(rows.integer(i, column)))); };
  Changes out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const EventPoint::Id id = id_of(rows.view(i, columns.id));
    out.events.insert(id);
    if (!rows.view(i, before).empty()) out.years[year(i, before)];
    if (!rows.view(i, columns.day).empty()) out.years[year(i, columns.day)][id] = i;
  }
  return out;
}

EventPoints::Year with_changes(const EventYear& old, const Changes& changes, const std::map<EventPoint::Id, std::size_t>& come, const storage::Rows& rows, const Columns& columns) {
  Writer writer(old);
  std::size_t stay = 0;
  for (const EventPoint& p : old.points)
    if (!changes.events.contains(p.id)) writer.add(p), ++stay;
  for (const auto& [id, row] : come) writer.add(rows, row, columns);
  return writer.finish(stay);
}

}  // namespace

std::string text_of(const EventPoint::Id& id) {
  std::string out = to_hex({reinterpret_cast<const char*>(id.data()), id.size()});
  for (const std::size_t at : {20, 16, 12, 8}) out.insert(at, 1, '-');
  return out;
}

std::span<const EventPoint> EventYear::between(double south, double north) const {
  const auto low = std::ranges::lower_bound(points, south, {}, [](const EventPoint& p) { return p.at.lat; });
  return {low, std::ranges::upper_bound(low, points.end(), north, {}, [](const EventPoint& p) { return p.at.lat; })};
}

std::size_t EventYear::bytes() const {
  std::size_t sum = sizeof *this + points.capacity() * sizeof(EventPoint) + chains.capacity() * sizeof(Chain);
  for (const std::string& text : texts) sum += sizeof text + text.capacity();
  return sum;
}

ChosenEvents::ChosenEvents(const EventYear& year, const PointFilter& filter, const std::optional<std::vector<std::int64_t>>& cells) : by_opening_(!filter.open_at.empty()) {
  from_ = number_of(by_opening_ ? *parse_day(filter.open_at) : filter.window.from);
  to_ = number_of(filter.window.to);
  const auto text = [&](const std::string& asked) {
    if (asked.empty()) return std::uint32_t{0};
    const auto found = std::ranges::find(year.texts, asked);
    none_ = none_ || found == year.texts.end();
    return static_cast<std::uint32_t>(found - year.texts.begin());
  };
  source_ = text(filter.source);
  grade_ = text(filter.grade);
  category_ = text(filter.category);
  if (!cells) return;
  cells_ = &*cells;
  for (const EventYear::Chain& chain : year.chains) reached_.push_back(std::ranges::any_of(chain.way.at, [&](std::int64_t cell) { return cell != 0 && is_at(cell); }) ? 1 : 0);
}

bool ChosenEvents::is_at(std::int64_t cell) const { return std::ranges::find(*cells_, cell) != cells_->end(); }

Result<EventPoints::Years> EventPoints::find(storage::Pool& pool, const District& district, const PointFilter& filter) {
  const Span span = filter.open_at.empty() ? Span{year_of(filter.window.from), year_of(filter.window.to - std::chrono::days{1})} : Span{kFirstYear - 1, year_of(*parse_day(filter.open_at))};
  const auto of = shelf(district.id, filter.kind);
  if (auto kept = take(*of, district.data_version, span)) return std::move(*kept);
  const std::lock_guard reading(of->reading);
  if (auto kept = take(*of, district.data_version, span)) return std::move(*kept);
  Followed known;
  {
    const std::lock_guard lock(mutex_);
    known = of->known;
    ++misses_;
  }
  return pool.read<Years>([&](storage::Tx& tx) -> Result<Years> {
    follow(tx, district.id, filter.kind, known);
    read_missing(tx, district.id, filter.kind, span, known);
    return put(*of, std::move(known), span);
  });
}

/// Brings what is known to what the transaction sees; of another map nothing is.
void EventPoints::follow(storage::Tx& tx, std::int64_t district, const std::string& kind, Followed& known) {
  const auto state = tx.run(sql::points_state, {std::to_string(district)});
  const std::int64_t map_version = state.integer(0, "map"), data_version = state.integer(0, "data");
  if (known.map_version != map_version || known.data_version > data_version) known.years.clear();
  if (!known.years.empty() && known.data_version != data_version) {
    const auto rows = tx.run(sql::points_changed, {std::to_string(district), kind, known.seen_below});
    const Columns columns(rows);
    const Changes changes = changes_of(rows, columns);
    for (const auto& [year, come] : changes.years)
      if (const auto old = known.years.find(year); old != known.years.end()) old->second.year = with_changes(*old->second.year, changes, come, rows, columns);
  }
  known.map_version = map_version;
  known.data_version = data_version;
  known.seen_below = state.text(0, "seen_below");
}

void EventPoints::read_missing(storage::Tx& tx, std::int64_t district, const std::string& kind, Span span, Followed& known) {
  for (int year = span.first; year <= span.second; ++year) {
    if (known.years.contains(year)) continue;
    int last = year;
    while (last < span.second && !known.years.contains(last + 1)) ++last;
    for (auto& [read, events] : read_years(tx, district, kind, year, last)) known.years[read] = {std::move(events)};
  }
}

KeptState EventPoints::state() {
  const std::lock_guard lock(mutex_);
  KeptState out{0, 0, kMostBytes, hits_, misses_};
  for (const auto& [key, shelf] : shelves_)
    for (const auto& [year, entry] : shelf->known.years) ++out.entries, out.bytes += entry.year->bytes();
  return out;
}

std::shared_ptr<EventPoints::Shelf> EventPoints::shelf(std::int64_t district, const std::string& kind) {
  const std::lock_guard lock(mutex_);
  auto& found = shelves_[{district, kind}];
  if (!found) found = std::make_shared<Shelf>();
  return found;
}

std::optional<EventPoints::Years> EventPoints::take(Shelf& shelf, std::int64_t data_version, Span span) {
  const std::lock_guard lock(mutex_);
  if (shelf.known.data_version < data_version) return std::nullopt;
  Years out;
  for (int year = span.first; year <= span.second; ++year) {
    const auto found = shelf.known.years.find(year);
    if (found == shelf.known.years.end()) return std::nullopt;
    found->second.used = ++uses_;
    out.push_back(found->second.year);
  }
  ++hits_;
  return out;
}

EventPoints::Years EventPoints::put(Shelf& shelf, Followed known, Span span) {
  const std::lock_guard lock(mutex_);
  Years out;
  for (int year = span.first; year <= span.second; ++year) {
    known.years[year].used = ++uses_;
    out.push_back(known.years[year].year);
  }
  shelf.known = std::move(known);
  keep_within_bounds();
  return out;
}

/// Lets go of the years that were used longest ago; whoever still uses one keeps it alive.
void EventPoints::keep_within_bounds() {
  std::size_t bytes = 0;
  std::map<std::uint64_t, std::pair<Shelf*, int>> by_use;
  for (auto& [key, shelf] : shelves_)
    for (const auto& [year, entry] : shelf->known.years) {
      bytes += entry.year->bytes();
      by_use[entry.used] = {shelf.get(), year};
    }
  for (const auto& [used, where] : by_use) {
    if (bytes <= kMostBytes) return;
    const auto entry = where.first->known.years.find(where.second);
    bytes -= entry->second.year->bytes();
    where.first->known.years.erase(entry);
  }
}

}  // namespace gridward::service
