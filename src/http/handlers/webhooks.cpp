#include "service/webhooks.h"

#include "http/dispatch.h"
#include "http/encode.h"
#include "http/listing.h"
#include "http/receiver.h"

namespace gridward::http {

Result<Response> list_webhooks(const Call& call) {
  const Input& p = call.parameters;
  const auto page = service::list_webhooks(call.context.reads, call.who, p.integer("district"), p.integer("after"), limit_of(call));
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

Result<Response> create_webhook(const Call& call) {
  if (auto allowed = check_receiver(call.body.text("url"), call.context.webhook_hosts); !allowed) return fail(allowed.error());
  return written_response(service::create_webhook(call.context.writes, call.deed(), call.body.integer("district"), call.body.json()));
}

Result<Response> end_webhook(const Call& call) { return written_response(service::end_webhook(call.context.writes, call.deed(), call.parameters.integer("id"))); }

}  // namespace gridward::http
