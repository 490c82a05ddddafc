#pragma once

#include <string>

#include "base/result.h"
#include "service/write.h"

namespace gridward::service {

/// Whose files: an event's of a kind, or a reassignment plan's. The other is empty.
struct FilesOf {
  std::string kind, event, plan;
};

/// A file as a client sends it.
struct NewFile {
  std::string id;
  FilesOf of;
  std::string name, media_type;
  const std::string& body;
};

struct File {
  std::string name, media_type, body;
};

/// The files of an event or a plan in the caller's area; invalid_argument where neither or both are named.
Result<Page> list_attachments(storage::Pool& pool, const Principal& who, const FilesOf& of);
/// Keeps a file with an event, or with a plan, for which the caller must be a coordinator of all that it touches.
Result<Written> create_attachment(storage::Pool& pool, const Deed& deed, const NewFile& file);
Result<File> get_attachment(storage::Pool& pool, const Principal& who, const std::string& id);

}  // namespace gridward::service
