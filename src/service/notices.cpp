#include "service/notices.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "service/auth.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::Tx;

constexpr const char* kNumberedAtOnce = "5000";

/// Numbers with commas between.
std::vector<std::int64_t> split_ids(std::string_view text) {
  std::vector<std::int64_t> ids;
  for (const char *at = text.data(), *const end = at + text.size(); at < end; ++at) {
    std::int64_t id = 0;
    at = std::from_chars(at, end, id).ptr;
    ids.push_back(id);
  }
  return ids;
}

bool is_of(const std::string& topic, const std::string& asked) {
  return topic.starts_with(asked) && (topic.size() == asked.size() || topic[asked.size()] == '.');
}

}  // namespace

bool wanted(const NoticeFilter& filter, const Notice& notice) {
  if (filter.district != 0 && filter.district != notice.district) return false;
  return filter.topics.empty() || std::ranges::any_of(filter.topics, [&](const std::string& asked) { return is_of(notice.topic, asked); });
}

bool may_see(const Principal& who, const Notice& notice) {
  if (notice.account != 0) return notice.account == who.account;
  return notice.at_large ? in_district(who, notice.district) : reaches(who, notice.district, notice.areas);
}

Result<NoticeSpan> number_notices(storage::Pool& pool) {
  return pool.write<NoticeSpan>([](Tx& tx) -> Result<NoticeSpan> {
    tx.run(sql::notices_number, {kNumberedAtOnce});
    const auto span = tx.run(sql::notices_span);
    return NoticeSpan{span.integer(0, "last"), span.integer(0, "kept_after")};
  });
}

Result<std::vector<Notice>> read_notices(storage::Pool& pool, std::int64_t after, int limit) {
  return pool.read<std::vector<Notice>>([&](Tx& tx) -> Result<std::vector<Notice>> {
    const auto rows = tx.run(sql::notices_list, {std::to_string(after), std::to_string(limit)});
    std::vector<Notice> out;
    for (std::size_t i = 0; i < rows.size(); ++i)
      out.push_back({rows.integer(i, "id"), rows.integer(i, "district_id"), rows.integer(i, "account_id"), rows.text(i, "topic"), rows.boolean(i, "at_large"),
                     split_ids(rows.text(i, "areas")), rows.text(i, "doc")});
    return out;
  });
}

Result<void> forget_notices(storage::Pool& pool, std::chrono::days kept) {
  const auto done = pool.write<int>([&](Tx& tx) -> Result<int> {
    tx.run(sql::notices_forget, {std::to_string(kept.count())});
    return 0;
  });
  if (!done) return fail(done.error());
  return {};
}

}  // namespace gridward::service
