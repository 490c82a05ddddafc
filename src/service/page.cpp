#include "service/page.h"

namespace gridward::service {

Page to_page(const storage::Rows& rows, int limit) {
  Page page;
  for (std::size_t i = 0; i < rows.size(); ++i) page.items.push_back(rows.text(i, "doc"));
  if (static_cast<int>(rows.size()) == limit) page.next = rows.text(rows.size() - 1, "id");
  return page;
}

}  // namespace gridward::service
