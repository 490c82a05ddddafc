#include "service/courses.h"

#include <charconv>
#include <limits>

#include "sql.gen.h"

namespace gridward::service {
namespace {

constexpr std::size_t kMostBytes = std::size_t{256} << 20;

/// The numbers of an array as PostgreSQL writes it, one after the other.
class Numbers {
 public:
  explicit Numbers(std::string_view text) : at_(text.data() + 1), end_(text.data() + text.size()) {}
  [[nodiscard]] bool more() const { return at_ + 1 < end_; }
  std::int32_t next() {
    std::int32_t n = 0;
    at_ = std::from_chars(at_, end_, n).ptr + 1;
    return n;
  }

 private:
  const char *at_, *end_;
};

/// Columns of the blocks that are read, by number.
struct Columns {
  explicit Columns(const storage::Rows& rows)
      : chain(rows.column("chain_id")), year(rows.column("year")), start(rows.column("start")), district(rows.column("district_cell")), town(rows.column("town_cell")), village(rows.column("village_cell")),
        stamped(rows.column("stamped")), placed(rows.column("placed")), from(rows.column("elsewhere_from")), to(rows.column("elsewhere_to")), found(rows.column("found")), took(rows.column("took")), series(rows.column("series_id")), n(rows.column("n")) {}
  int chain, year, start, district, town, village, stamped, placed, from, to, found, took, series, n;
};

std::shared_ptr<const CourseBlock> block_of(const storage::Rows& rows, std::size_t i, const Columns& c) {
  auto block = std::make_shared<CourseBlock>();
  block->chain = rows.integer(i, c.chain);
  block->year = static_cast<int>(rows.integer(i, c.year));
  block->way = Way{{0, rows.integer(i, c.district), rows.integer(i, c.town), rows.integer(i, c.village)}};
  if (!rows.view(i, c.stamped).empty())
    block->elsewhere = Elsewhere{rows.integer(i, c.stamped), rows.integer(i, c.placed),
                                 {static_cast<DayNumber>(rows.integer(i, c.from, std::numeric_limits<DayNumber>::min())), static_cast<DayNumber>(rows.integer(i, c.to, kNever))}};
  const auto start = static_cast<DayNumber>(rows.integer(i, c.start));
  Numbers found(rows.view(i, c.found)), took(rows.view(i, c.took)), series(rows.view(i, c.series)), n(rows.view(i, c.n));
  while (found.more()) {
    const DayNumber day = start + found.next() - 1;
    const std::int32_t days = took.next();
    block->courses.push_back({day, days < 0 ? kNever : day + days, series.next(), n.next()});
  }
  return block;
}

bool earlier(const CourseBlock& a, const CourseBlock& b) { return a.chain != b.chain ? a.chain < b.chain : a.year < b.year; }

/// A book with what changed since another (nullptr: all of it).
CourseBooks::Ptr read_book(storage::Tx& tx, std::int64_t district, std::int64_t fold, const CourseBook* before) {
  auto book = std::make_shared<CourseBook>();
  book->fold = fold;
  const auto rows = tx.run(sql::courses_changed, {std::to_string(district), std::to_string(before == nullptr ? -1 : before->fold)});
  const Columns columns(rows);
  std::size_t old = 0;
  const std::size_t all = before == nullptr ? 0 : before->blocks.size();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto block = block_of(rows, i, columns);
    while (old < all && earlier(*before->blocks[old], *block)) book->blocks.push_back(before->blocks[old++]);
    if (old < all && !earlier(*block, *before->blocks[old])) ++old;
    book->blocks.push_back(std::move(block));
  }
  while (old < all) book->blocks.push_back(before->blocks[old++]);
  return book;
}

}  // namespace

std::size_t CourseBook::bytes() const {
  std::size_t sum = sizeof *this + blocks.capacity() * sizeof blocks[0];
  for (const auto& block : blocks) sum += sizeof *block + block->courses.capacity() * sizeof(Course);
  return sum;
}

CourseBooks::CourseBooks() : kept_(kMostBytes, [](const CourseBook& b) { return b.bytes(); }) {}

CourseBooks::Ptr CourseBooks::newest(std::int64_t district) {
  const std::lock_guard lock(mutex_);
  const auto found = newest_.find(district);
  return found == newest_.end() ? nullptr : found->second.lock();
}

void CourseBooks::note(std::int64_t district, const Ptr& book) {
  const std::lock_guard lock(mutex_);
  auto& newest = newest_[district];
  const Ptr known = newest.lock();
  if (known == nullptr || known->fold < book->fold) newest = book;
}

CourseBooks::Ptr CourseBooks::find(storage::Tx& tx, std::int64_t district) {
  const std::int64_t fold = tx.run(sql::courses_fold, {std::to_string(district)}).integer(0, "fold");
  const Ptr before = newest(district);  // held, as kept_ lets go of it when it hears of a later one
  return kept_.find({district, fold, ""}, [&] {
    Ptr book = read_book(tx, district, fold, before != nullptr && before->fold < fold ? before.get() : nullptr);
    note(district, book);
    return book;
  });
}

}  // namespace gridward::service
