#pragma once

#include <string>

#include "base/result.h"
#include "service/write.h"

namespace gridward::service {

/// A file as a client sends it, for an event of a kind.
struct NewFile {
  std::string id, kind, event, name, media_type;
  const std::string& body;
};

struct File {
  std::string name, media_type, body;
};

/// The files of an event in the caller's area.
Result<Page> list_attachments(storage::Pool& pool, const Principal& who, const std::string& kind, const std::string& event);
Result<Written> create_attachment(storage::Pool& pool, const Deed& deed, const NewFile& file);
Result<File> get_attachment(storage::Pool& pool, const Principal& who, const std::string& id);

}  // namespace gridward::service
