#include "service/upkeep.h"

#include <condition_variable>
#include <mutex>

#include "service/notices.h"
#include "service/reassignments.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

constexpr std::chrono::seconds kEvery{5};

Result<seen::Backlog> read_backlog(storage::Pool& pool) {
  return pool.read<seen::Backlog>([](storage::Tx& tx) -> Result<seen::Backlog> {
    const auto rows = tx.run(sql::checks_backlog);
    return seen::Backlog{rows.integer(0, "outbox_rows"), rows.real(0, "outbox_seconds"), rows.integer(0, "pending_counts"), rows.integer(0, "outbox_untold")};
  });
}

}  // namespace

void keep_up(storage::Pool& pool, std::chrono::days kept_notices, const Observer& observer, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex);
      wake.wait_for(lock, stop, kEvery, [] { return false; });
    }
    if (stop.stop_requested()) return;
    // A district that cannot be folded now is folded later: the pending rows are counted either way.
    (void)pool.write<int>([](storage::Tx& tx) -> Result<int> {
      tx.run(sql::checks_fold);
      return 0;
    });
    (void)pool.write<int>([](storage::Tx& tx) -> Result<int> {
      tx.run(sql::checks_seal);
      return 0;
    });
    apply_due_reassignments(pool);
    escalate_unsigned(pool);
    (void)forget_notices(pool, kept_notices);
    if (const auto backlog = read_backlog(pool)) tell(observer, *backlog);
  }
}

}  // namespace gridward::service
