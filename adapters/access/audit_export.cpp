#include "adapters/access/audit_export.hpp"

#include "domain/fault_list.hpp"
#include "domain/time_text.hpp"
#include "text/json_text.hpp"
#include "text/json_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace busbar::adapters::access {

namespace {

using ports::audit_entry;

constexpr mode_t owner_alone = 0600;
constexpr int actor_kinds = 6;

domain::error malformed(const std::string& what) { return {domain::errc::malformed, what}; }

std::optional<domain::cause_kind> kind_from(const std::string& name) {
  for (int each = 0; each < actor_kinds; ++each)
    if (const auto kind = static_cast<domain::cause_kind>(each); name == name_of(kind)) return kind;
  return std::nullopt;
}

/// False: a member is missing, or none of its kind.
bool take_texts(const nlohmann::json& line, audit_entry& into) {
  auto& record = into.record;
  const std::array<std::pair<const char*, std::string*>, 7> texts{{
      {"address", &record.address}, {"request", &record.request},
      {"category", &record.category}, {"operation", &record.operation},
      {"subject", &record.subject}, {"detail", &record.detail}, {"hash", &into.hash}}};
  for (const auto& [name, text] : texts) {
    const auto found = line.find(name);
    if (found == line.end() || !found->is_string()) return false;
    *text = found->get<std::string>();
  }
  return true;
}

bool take_numbers(const nlohmann::json& line, audit_entry& into) {
  const auto number = line.find("number"), outcome = line.find("outcome"), at = line.find("at");
  for (const auto& each : {number, outcome})
    if (each == line.end() || !each->is_number_integer()) return false;
  if (at == line.end() || !at->is_string()) return false;
  const auto time = domain::instant_from(at->get<std::string>());
  if (!time) return false;
  into.number = number->get<std::int64_t>();
  into.record.outcome = outcome->get<std::int64_t>();
  into.record.at = *time;
  return true;
}

bool take_actor(const nlohmann::json& line, audit_entry& into) {
  const auto actor = line.find("actor");
  if (actor == line.end() || !actor->is_object()) return false;
  const auto kind = actor->find("kind"), name = actor->find("name");
  for (const auto& each : {kind, name})
    if (each == actor->end() || !each->is_string()) return false;
  const auto found = kind_from(kind->get<std::string>());
  if (!found) return false;
  into.record.actor = {*found, name->get<std::string>()};
  return true;
}

struct close_file {
  void operator()(std::FILE* each) const { std::fclose(each); }
};
using file = std::unique_ptr<std::FILE, close_file>;

domain::error failed(const std::string& path) {
  const auto code = errno == EEXIST ? domain::errc::duplicate : domain::errc::unavailable;
  return {code, path + ": " + std::strerror(errno)};
}

domain::result<void> write_all(const std::string& path, std::FILE* into, database& store) {
  bool is_good = true;
  const auto read = each_entry(store, [&](const auto& entry) {
    const auto line = line_of(entry) + "\n";
    return is_good = std::fwrite(line.data(), 1, line.size(), into) == line.size();
  });
  if (!read) return read;
  is_good = is_good && std::fflush(into) == 0 && ::fsync(::fileno(into)) == 0;
  return is_good ? domain::result<void>{} : failed(path);
}

} // namespace

std::string line_of(const audit_entry& entry) {
  const auto& record = entry.record;
  text::json_writer json;
  json.begin_object().member("number", entry.number).member("at", domain::text_of(record.at));
  json.key("actor").begin_object().member("kind", name_of(record.actor.kind));
  json.member("name", record.actor.name).end_object();
  json.member("address", record.address).member("request", record.request);
  json.member("category", record.category).member("operation", record.operation);
  json.member("subject", record.subject).member("detail", record.detail);
  json.member("outcome", record.outcome).member("hash", entry.hash).end_object();
  return json.take();
}

domain::result<audit_entry> entry_from(const std::string& line) {
  domain::fault_list faults;
  const auto found = text::parse_json(line, faults);
  audit_entry entry;
  const bool is_entry = found && found->is_object() && take_numbers(*found, entry) &&
                        take_texts(*found, entry) && take_actor(*found, entry);
  return is_entry ? domain::result<audit_entry>{entry} : malformed("no entry of an audit");
}

domain::result<void> export_to(const std::string& path, database& store) {
  const int made = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, owner_alone);
  if (made < 0) return failed(path);
  const file into{::fdopen(made, "w")};
  if (!into) {
    ::close(made);
    return failed(path);
  }
  auto written = write_all(path, into.get(), store);
  if (!written) ::unlink(path.c_str());
  return written;
}

verified_chain verify_export(std::istream& lines) {
  chain_check check{std::nullopt};
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    const auto entry = entry_from(line);
    if (!entry) {
      auto chain = check.result();
      chain.fault = "line " + std::to_string(number) + " is " + entry.failure().message;
      return chain;
    }
    if (!check.take(entry.value())) break;
  }
  return check.result();
}

} // namespace busbar::adapters::access
