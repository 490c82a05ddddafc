#include "service/upkeep.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "sql.gen.h"

namespace gridward::service {

void keep_counts_folded(storage::Pool& pool, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex);
      wake.wait_for(lock, stop, std::chrono::seconds(5), [] { return false; });
    }
    if (stop.stop_requested()) return;
    // A district that cannot be folded now is folded later: the pending rows are counted either way.
    (void)pool.write<int>([](storage::Tx& tx) -> Result<int> {
      tx.run(sql::checks_fold);
      return 0;
    });
  }
}

}  // namespace gridward::service
