#include "apps/log_address.hpp"

#include "adapters/embedded/embedded_log.hpp"
#include "adapters/kafka/kafka_log.hpp"
#include "adapters/kafka/property_file.hpp"
#include "apps/input_file.hpp"
#include "messages/topics.hpp"
#include "node/shard_count.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <string_view>

namespace busbar::apps {

namespace {

using adapters::kafka::kafka_settings;

void read_config(const std::string& path, kafka_settings& settings, domain::fault_list& faults) {
  if (path.empty()) return;
  const auto text = read_input(path, adapters::kafka::property_file_bytes_max);
  if (!text) return faults.add("--kafka-config: " + path + ": " + text.failure().message);
  settings.further = adapters::kafka::read_properties(text.value(), path, faults);
}

std::shared_ptr<ports::event_log> open_kafka(const log_options& options,
                                             domain::fault_list& faults) {
  kafka_settings settings;
  if (auto bootstrap = adapters::kafka::bootstrap_of(options.address))
    settings.bootstrap = bootstrap.value();
  else
    faults.add("--log: " + bootstrap.failure().message);
  read_config(options.kafka_config, settings, faults);
  if (!faults.empty()) return nullptr;
  auto log = adapters::kafka::make_kafka_log(settings);
  if (log) return log.value();
  // What only a client as a whole shows: a certificate that cannot be read, two that do not fit.
  const auto& place = options.kafka_config.empty() ? "--log" : options.kafka_config;
  faults.add(place + ": " + log.failure().message);
  return nullptr;
}

constexpr std::string_view kept_mark = "embedded:";

/// What is measured anew each second, and what plans were made, is not needed after a restart.
bool is_kept(const std::string& topic) {
  return topic != messages::telemetry_topic && topic != messages::decisions_topic;
}

std::shared_ptr<ports::event_log> open_kept(const std::string& folder,
                                            domain::fault_list& faults) {
  if (folder.empty()) {
    faults.add("--log: embedded:FOLDER needs a folder");
    return nullptr;
  }
  std::string note;
  adapters::embedded::embedded_log_settings settings;
  settings.keeps = is_kept;
  auto log = adapters::embedded::make_kept_log(folder, note, settings);
  if (!log) faults.add("--log: " + log.failure().message);
  if (!note.empty()) std::cerr << "busbar: " << note << '\n';
  return log ? log.value() : nullptr;
}

} // namespace

void add_kafka_config_option(CLI::App& command, log_options& options) {
  command.add_option("--kafka-config", options.kafka_config,
                     "File of librdkafka properties, name=value a line: TLS, SASL, tuning\n"
                     "(docs/operations.md)");
}

void add_shards_option(CLI::App& command, log_options& options) {
  command.add_option("--shards", options.shards,
                     "Shards over which sites are spread: partitions of each topic when topics\n"
                     "are made (default: 12); topics with another number are refused")
      ->check(CLI::Range(1, node::shards_max));
}

std::shared_ptr<ports::event_log> open_log(const log_options& options,
                                           domain::fault_list& faults) {
  if (options.address.starts_with("kafka://")) return open_kafka(options, faults);
  const bool is_kept_log = options.address.starts_with(kept_mark);
  if (options.address != "embedded" && !is_kept_log)
    faults.add("--log: '" + options.address +
               "': allowed are embedded, embedded:FOLDER, kafka://host:port");
  else if (!options.kafka_config.empty())
    faults.add("--kafka-config: needs --log kafka://host:port");
  else if (is_kept_log)
    return open_kept(options.address.substr(kept_mark.size()), faults);
  else
    return adapters::embedded::make_embedded_log();
  return nullptr;
}

} // namespace busbar::apps
