#include "adapters/http/json/query_reader.hpp"

#include "domain/time_text.hpp"
#include "text/suggestion.hpp"

#include <algorithm>
#include <charconv>

namespace busbar::adapters::http::json {

using namespace server;

query_reader::query_reader(const request& asked) : given_(asked.query) {}

const std::string* query_reader::take(const std::string& name) {
  known_.push_back(name);
  const std::string* found = nullptr;
  for (const query_parameter& each : given_) {
    if (each.name != name) continue;
    if (found != nullptr) refuse(name, "given more than once");
    found = &each.value;
  }
  return found;
}

std::optional<std::string> query_reader::text(const std::string& name, std::size_t bytes_max) {
  const std::string* given = take(name);
  if (given == nullptr) return std::nullopt;
  if (!given->empty() && given->size() <= bytes_max) return *given;
  refuse(name, std::to_string(given->size()) + " bytes; allowed are 1 to " +
                   std::to_string(bytes_max));
  return std::nullopt;
}

std::optional<std::uint64_t> query_reader::number(const std::string& name, std::uint64_t least,
                                                  std::uint64_t most) {
  const std::string* given = take(name);
  if (given == nullptr) return std::nullopt;
  std::uint64_t value = 0;
  const char* end = given->data() + given->size();
  const auto [stop, error] = std::from_chars(given->data(), end, value);
  if (error == std::errc{} && stop == end && value >= least && value <= most) return value;
  refuse(name, "'" + *given + "'; allowed are whole numbers from " + std::to_string(least) +
                   " to " + std::to_string(most));
  return std::nullopt;
}

std::optional<domain::instant> query_reader::time(const std::string& name) {
  const std::string* given = take(name);
  if (given == nullptr) return std::nullopt;
  if (const auto at = domain::instant_from(*given)) return at;
  refuse(name, "'" + *given + "'; a time as 2026-05-01T12:00:00Z is allowed (RFC 3339)");
  return std::nullopt;
}

std::optional<bool> query_reader::truth(const std::string& name) {
  const std::string* given = take(name);
  if (given == nullptr) return std::nullopt;
  if (*given == "true") return true;
  if (*given == "false") return false;
  refuse(name, "'" + *given + "'; allowed are true, false");
  return std::nullopt;
}

std::optional<std::string> query_reader::choice(const std::string& name,
                                                std::span<const char* const> allowed) {
  const std::string* given = take(name);
  if (given == nullptr) return std::nullopt;
  std::string names;
  for (const char* each : allowed) {
    if (*given == each) return *given;
    names += (names.empty() ? "" : ", ") + std::string(each);
  }
  refuse(name, "'" + *given + "'; allowed are " + names + text::did_you_mean(*given, allowed));
  return std::nullopt;
}

void query_reader::refuse(const std::string& name, const std::string& why) {
  faults_.push_back({name, why});
}

std::vector<input_fault> query_reader::faults() const {
  std::vector<input_fault> all = faults_;
  for (const query_parameter& each : given_)
    if (std::find(known_.begin(), known_.end(), each.name) == known_.end())
      all.push_back({each.name, "no such parameter here" + text::did_you_mean(each.name, known_)});
  return all;
}

response query_reader::problem_of(const request& asked) const {
  const auto all = faults();
  return problem(400, "query: " + all.front().pointer + ": " + all.front().detail, asked.path, all);
}

} // namespace busbar::adapters::http::json
