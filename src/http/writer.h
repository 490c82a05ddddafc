#pragma once

#include <chrono>

#include "http/guard.h"
#include "http/request.h"

namespace gridward::http {

/// Writes an answer to a socket, waiting while the reader is slow but not past the deadline. Returns false when the
/// connection is of no more use. HEAD gets the length without the body.
bool write_response(int fd, const Request& request, const Response& response, std::chrono::milliseconds deadline);

/// Answers what the guard refused, as a problem document.
void write_refusal(int fd, const Guard::Refusal& refusal);

}  // namespace gridward::http
