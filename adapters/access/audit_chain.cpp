#include "adapters/access/audit_chain.hpp"

#include "adapters/access/secrets.hpp"
#include "adapters/access/signing_key.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <sstream>

namespace busbar::adapters::access {

namespace {

using ports::audit_entry;
using ports::audit_record;

constexpr const char* columns =
    "SELECT number, at, actor_kind, actor, address, request, category, operation, subject, detail, "
    "outcome, hash FROM audit ";
constexpr const char* head_file = "/audit-head";

std::int64_t number_of(domain::instant at) { return at.time_since_epoch().count(); }

void add_field(std::string& bytes, const std::string& field) {
  bytes += std::to_string(field.size()) + ":" + field;
}

audit_entry entry_of(const statement& row) {
  audit_entry entry;
  entry.number = row.number(0);
  auto& record = entry.record;
  record.at = domain::instant{domain::microseconds{row.number(1)}};
  const auto kind = std::clamp<std::int64_t>(row.number(2), 0, 5);
  record.actor = {static_cast<domain::cause_kind>(kind), row.text(3)};
  record.address = row.text(4);
  record.request = row.text(5);
  record.category = row.text(6);
  record.operation = row.text(7);
  record.subject = row.text(8);
  record.detail = row.text(9);
  record.outcome = row.number(10);
  entry.hash = row.text(11);
  return entry;
}

domain::result<audit_head> newest(database& store) {
  statement asked{store, "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1"};
  if (asked.step()) return audit_head{asked.number(0), asked.text(1)};
  if (asked.failure()) return *asked.failure();
  return audit_head{};
}

domain::result<void> insert(database& store, const audit_entry& entry) {
  const auto& record = entry.record;
  return statement{store, "INSERT INTO audit (number, at, actor_kind, actor, address, request, "
                          "category, operation, subject, detail, outcome, hash) "
                          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"}
      .bind(entry.number).bind(number_of(record.at))
      .bind(static_cast<std::int64_t>(record.actor.kind)).bind(record.actor.name)
      .bind(record.address).bind(record.request).bind(record.category).bind(record.operation)
      .bind(record.subject).bind(record.detail).bind(record.outcome).bind(entry.hash).run();
}

std::string signed_text(const audit_head& head) {
  return std::to_string(head.number) + " " + head.hash;
}

std::string fault_of(const audit_entry& entry, const verified_chain& before) {
  const auto name = "entry " + std::to_string(before.whole + 1);
  if (entry.number != before.whole + 1)
    return name + " is missing: entry " + std::to_string(entry.number) + " follows";
  if (entry.hash != hash_of(before.head.hash, entry)) return name + " is not as it was written";
  return {};
}

} // namespace

std::string hash_of(const std::string& before, const audit_entry& entry) {
  const auto& record = entry.record;
  std::string bytes;
  add_field(bytes, before);
  for (const auto number : {entry.number, number_of(record.at),
                            static_cast<std::int64_t>(record.actor.kind), record.outcome})
    add_field(bytes, std::to_string(number));
  for (const auto* field : {&record.actor.name, &record.address, &record.request,
                            &record.category, &record.operation, &record.subject, &record.detail})
    add_field(bytes, *field);
  return digest_of(bytes);
}

domain::result<void> append(database& store, const std::vector<audit_record>& records) {
  return store.in_transaction([&]() -> domain::result<void> {
    const auto last = newest(store);
    if (!last) return last.failure();
    auto head = last.value();
    for (const auto& record : records) {
      audit_entry entry{head.number + 1, record, {}};
      entry.hash = hash_of(head.hash, entry);
      if (auto added = insert(store, entry); !added) return added;
      head = {entry.number, entry.hash};
    }
    return {};
  });
}

domain::result<std::vector<audit_entry>> entries(database& store,
                                                 const ports::audit_query& wanted) {
  statement asked{store, (std::string{columns} +
                          "WHERE (?1 IS NULL OR category = ?1) AND (?2 IS NULL OR actor = ?2) "
                          "AND (?3 IS NULL OR instr(subject, ?3) > 0) AND at >= ?4 AND at < ?5 "
                          "AND number < ?6 ORDER BY number DESC LIMIT ?7").c_str()};
  constexpr auto longest = std::numeric_limits<std::int64_t>::max();
  asked.bind_maybe(wanted.category).bind_maybe(wanted.actor).bind_maybe(wanted.subject)
      .bind(wanted.from ? number_of(*wanted.from) : std::numeric_limits<std::int64_t>::min())
      .bind(wanted.to ? number_of(*wanted.to) : longest).bind(wanted.before.value_or(longest))
      .bind(static_cast<std::int64_t>(wanted.limit));
  std::vector<audit_entry> found;
  while (asked.step()) found.push_back(entry_of(asked));
  if (asked.failure()) return *asked.failure();
  return found;
}

bool chain_check::take(const audit_entry& entry) {
  chain_.fault = fault_of(entry, chain_);
  if (!chain_.fault.empty()) return false;
  chain_.whole = entry.number;
  chain_.head = {entry.number, entry.hash};
  if (head_ && head_->number == entry.number) is_head_there_ = head_->hash == entry.hash;
  return true;
}

verified_chain chain_check::result() const {
  auto chain = chain_;
  const bool is_missed = head_ && head_->number != 0 && !is_head_there_;
  if (!chain.fault.empty() || !is_missed) return chain;
  if (chain.whole < head_->number)
    chain.fault = "entry " + std::to_string(chain.whole + 1) + " is missing: " +
                  std::to_string(head_->number) + " stood in the file audit-head";
  else
    chain.fault = "entry " + std::to_string(head_->number) + " is not the one of audit-head";
  return chain;
}

domain::result<void> each_entry(database& store,
                                const std::function<bool(const audit_entry&)>& take) {
  statement asked{store, (std::string{columns} + "ORDER BY number").c_str()};
  while (asked.step())
    if (!take(entry_of(asked))) return {};
  return asked.failure() ? domain::result<void>{*asked.failure()} : domain::result<void>{};
}

domain::result<verified_chain> verify(database& store, const std::optional<audit_head>& head) {
  chain_check check{head};
  const auto read = each_entry(store, [&](const auto& entry) { return check.take(entry); });
  return read ? domain::result<verified_chain>{check.result()} : read.failure();
}

domain::result<std::optional<audit_head>> read_head(const std::string& folder) {
  const auto path = folder + head_file;
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::optional<audit_head>{};
  const auto text = secret_file(path);
  if (!text) return text.failure();
  auto ring = read_key_ring(folder);
  if (!ring) return ring.failure();
  audit_head head;
  std::string key, signature;
  std::istringstream words{text.value()};
  words >> head.number >> head.hash >> key >> signature;
  const auto found = ring.value().keys.find(key);
  const auto bytes = from_base64url(signature);
  const bool is_right = found != ring.value().keys.end() && bytes &&
                        found->second.is_signature_of(*bytes, signed_text(head));
  if (!is_right)
    return domain::error{domain::errc::malformed, path + ": its signature is not of a key here"};
  return std::optional{head};
}

domain::result<void> write_head(const std::string& folder, const audit_head& head) {
  auto ring = read_key_ring(folder);
  if (!ring) return ring.failure();
  const auto& key = ring.value().keys.find(ring.value().signs)->second;
  return write_secret_file(folder + head_file, signed_text(head) + " " + key.id() + " " +
                                                   base64url(key.sign(signed_text(head))) + "\n");
}

} // namespace busbar::adapters::access
