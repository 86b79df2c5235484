#include "adapters/http/api/audit_records.hpp"

#include "adapters/http/server/problem.hpp"
#include "control/access/audit_category.hpp"
#include "domain/fault_list.hpp"
#include "text/json_text.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace busbar::adapters::http::api {

using namespace server;

namespace {

constexpr std::size_t subject_bytes_max = 512;
/// Secrets, and fields of OCPP that may hold some.
constexpr std::array secrets{"password",      "old_password", "new_password", "code",
                             "refresh_token", "value",        "data"};
constexpr const char* unkept_text =
    "it may have been done, and could not be recorded (audit): look before asking again";

} // namespace

bool is_recorded(const request& asked, const std::string& operation,
                 const std::optional<response>& refusal) {
  if (refusal && (!asked.who || refusal->status == 429)) return false;
  return asked.verb != method::get || refusal || operation.find("/audit/") != std::string::npos;
}

std::string stated_in(const request& asked) {
  domain::fault_list faults;
  auto body = text::parse_json(asked.body, faults);
  if (!body || !body->is_object()) return {};
  for (const char* secret : secrets) body->erase(secret);
  auto text = body->dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  return domain::shortened(std::move(text), ports::audit::detail_bytes_max);
}

std::function<void(response, const responder&)>
recorder_of(ports::audit& audit, const request& asked, const std::string& operation) {
  ports::audit_record record;
  record.at = asked.received_at;
  if (asked.who) record.actor = asked.who->as_cause();
  record.address = asked.by.address;
  record.request = asked.by.request;
  record.category = control::access::audit_category(operation);
  record.operation = operation;
  record.subject = domain::shortened(domain::one_line(asked.path), subject_bytes_max);
  record.detail = stated_in(asked);
  return [&audit, record](response found, const responder& reply) {
    auto one = record;
    one.outcome = found.status;
    audit.record(std::move(one), [found = std::move(found), reply,
                                  path = record.subject](bool is_kept) {
      // A refusal states itself that nothing was done.
      reply(is_kept || found.status >= 400 ? found : problem(503, unkept_text, path));
    });
  };
}

} // namespace busbar::adapters::http::api
