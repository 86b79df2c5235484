#include "adapters/http/api/refused_strangers.hpp"

#include "control/access/client_address.hpp"
#include "domain/fault_list.hpp"
#include "domain/time_text.hpp"
#include "text/json_writer.hpp"

#include <utility>

namespace busbar::adapters::http::api {

namespace {

/// What a proxy passes on as an address may be any text.
constexpr std::size_t address_bytes_max = 45;

} // namespace

void refused_strangers::count(const std::string& address, domain::instant now) {
  auto key = domain::shortened(domain::one_line(control::access::address_key(address)),
                               address_bytes_max);
  const std::lock_guard lock{guard_};
  ++total_;
  if (now_.refused++ == 0) now_.first = now;
  now_.last = now;
  const bool is_known = now_.addresses.contains(key);
  if (is_known || now_.addresses.size() < named_addresses_max) ++now_.addresses[std::move(key)];
  else ++now_.elsewhere;
}

std::optional<ports::audit_record> refused_strangers::take_due(domain::instant now) {
  const std::lock_guard lock{guard_};
  // A clock that was set back makes it due.
  const bool is_early = now >= now_.first && now - now_.first < every_;
  return is_early ? std::nullopt : taken();
}

std::optional<ports::audit_record> refused_strangers::take() {
  const std::lock_guard lock{guard_};
  return taken();
}

std::uint64_t refused_strangers::total() const {
  const std::lock_guard lock{guard_};
  return total_;
}

std::optional<ports::audit_record> refused_strangers::taken() {
  if (now_.refused == 0) return std::nullopt;
  const auto done = std::exchange(now_, {});
  text::json_writer json;
  json.begin_object().member("refused", done.refused).member("from", domain::text_of(done.first));
  json.member("to", domain::text_of(done.last)).key("addresses").begin_object();
  for (const auto& [address, count] : done.addresses) json.member(address.c_str(), count);
  json.end_object().member("other_addresses", done.elsewhere).end_object();
  ports::audit_record record;
  record.at = done.last;
  record.category = "authentication";
  record.operation = "changes of strangers";
  record.detail = json.take();
  record.outcome = 401;
  return record;
}

} // namespace busbar::adapters::http::api
