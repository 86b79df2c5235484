#include "adapters/kafka/property_file.hpp"

#include "text/suggestion.hpp"

#include <librdkafka/rdkafka.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <sstream>
#include <system_error>
#include <vector>

namespace busbar::adapters::kafka {

namespace {

struct own_property {
  std::string_view name;
  std::string_view why;
};

constexpr std::string_view address = "the address stands in --log";
constexpr std::string_view place = "a node's place in its group is its own";
constexpr std::string_view promise = "what is acknowledged must not be lost or doubled";
constexpr std::string_view reading = "the node decides what it has read";
constexpr std::string_view partition = "a site's records stay in one partition";

constexpr std::array own_properties{
    own_property{"bootstrap.servers", address},
    own_property{"metadata.broker.list", address},
    own_property{"group.id", place},
    own_property{"group.instance.id", place},
    own_property{"group.protocol", place},
    own_property{"group.remote.assignor", place},
    own_property{"partition.assignment.strategy", place},
    own_property{"session.timeout.ms", place},
    own_property{"heartbeat.interval.ms", place},
    own_property{"acks", promise},
    own_property{"request.required.acks", promise},
    own_property{"enable.idempotence", promise},
    own_property{"transactional.id", promise},
    own_property{"message.timeout.ms", promise},
    own_property{"delivery.timeout.ms", promise},
    own_property{"retries", promise},
    own_property{"message.send.max.retries", promise},
    own_property{"partitioner", partition},
    own_property{"enable.auto.commit", reading},
    own_property{"auto.commit.enable", reading},
    own_property{"enable.auto.offset.store", reading},
    own_property{"auto.offset.reset", reading},
    own_property{"enable.partition.eof", reading},
    own_property{"statistics.interval.ms", "the metrics rest on it"},
};

using configuration = std::unique_ptr<rd_kafka_conf_t, decltype(&rd_kafka_conf_destroy)>;

configuration empty_configuration() { return {rd_kafka_conf_new(), rd_kafka_conf_destroy}; }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string with_line_breaks(std::string_view value) {
  std::string made;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool is_break = value.substr(i, 2) == "\\n";
    made += is_break ? '\n' : value[i];
    if (is_break) ++i;
  }
  return made;
}

/// librdkafka's own manual: a table with a property a line, its name first.
std::string manual() {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* file = ::open_memstream(&text, &size);
  if (file == nullptr) return {};
  rd_kafka_conf_properties_show(file);
  std::fclose(file);
  std::string copy{text, size};
  std::free(text);
  return copy;
}

/// Every name that librdkafka knows.
std::vector<std::string> known_names() {
  std::vector<std::string> names;
  std::istringstream lines{manual()};
  for (std::string line; std::getline(lines, line);)
    if (const auto bar = line.find('|'); bar != std::string::npos)
      names.emplace_back(trimmed(std::string_view{line}.substr(0, bar)));
  return names;
}

class property_reader {
public:
  property_reader(const std::string& path, domain::fault_list& faults)
      : path_(path), faults_(faults) {}

  void read_line(std::string_view line) {
    ++line_;
    const auto text = trimmed(line);
    if (text.empty() || text.front() == '#') return;
    const auto equals = text.find('=');
    // Not shown: it may be a password.
    if (equals == std::string_view::npos) return fault("is not name=value");
    const auto name = trimmed(text.substr(0, equals));
    const auto value = trimmed(text.substr(equals + 1));
    if (const auto why = why_refused(name, value)) return fault(*why);
    found_.emplace_back(name, name.ends_with(".pem") ? with_line_breaks(value) : value);
  }

  properties finish() { return std::move(found_); }

private:
  std::optional<std::string> why_refused(std::string_view name, std::string_view value) {
    const std::string shown{name};
    if (name.empty()) return "has no name before =";
    if (value.empty()) return shown + " has no value";
    for (const auto& own : own_properties)
      if (own.name == name)
        return shown + " is set by Busbar itself: " + std::string{own.why} + "; leave it out";
    if (std::ranges::any_of(found_, [&](const auto& each) { return each.first == name; }))
      return shown + " stands twice";
    if (auto unknown = why_unknown(shown, std::string{value})) return unknown;
    return why_unreadable(shown, std::string{value});
  }

  /// librdkafka's own sentence does not name the file.
  static std::optional<std::string> why_unreadable(const std::string& name,
                                                   const std::string& path) {
    if (!name.ends_with(".location") || ::access(path.c_str(), R_OK) == 0) return {};
    return name + " = '" + path + "' cannot be read: " + std::generic_category().message(errno);
  }

  /// What librdkafka says of it.
  static std::optional<std::string> why_unknown(const std::string& name,
                                                const std::string& value) {
    std::array<char, 512> reason{};
    const auto trial = empty_configuration();
    switch (rd_kafka_conf_set(trial.get(), name.c_str(), value.c_str(), reason.data(),
                              reason.size())) {
    case RD_KAFKA_CONF_OK: return {};
    case RD_KAFKA_CONF_UNKNOWN:
      return name + " is no property of librdkafka" + text::did_you_mean(name, known_names());
    default: break;
    }
    if (is_secret(name)) return name + " has a value that librdkafka refuses (not shown)";
    return name + " = '" + value + "': " + reason.data();
  }

  void fault(const std::string& what) {
    faults_.add(path_ + ':' + std::to_string(line_) + ": " + what);
  }

  const std::string& path_;
  domain::fault_list& faults_;
  std::size_t line_ = 0;
  properties found_;
};

} // namespace

bool is_secret(std::string_view name) {
  constexpr std::array secrets{std::string_view{"password"}, std::string_view{"secret"},
                               std::string_view{"ssl.key.pem"},
                               std::string_view{"sasl.oauthbearer.config"}};
  return std::ranges::any_of(
      secrets, [&](auto each) { return name.find(each) != std::string_view::npos; });
}

properties read_properties(std::string_view text, const std::string& path,
                           domain::fault_list& faults) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  property_reader reader{path, faults};
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    reader.read_line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.finish();
}

} // namespace busbar::adapters::kafka
