#include "apps/log_address.hpp"

#include "adapters/embedded/embedded_log.hpp"
#include "adapters/kafka/kafka_log.hpp"

namespace busbar::apps {

domain::result<std::shared_ptr<ports::event_log>> open_log(const std::string& address) {
  if (address == "embedded") return adapters::embedded::make_embedded_log();
  if (!address.starts_with("kafka://"))
    return domain::error{domain::errc::out_of_range,
                         "log '" + address + "': allowed are embedded, kafka://host:port"};
  auto bootstrap = adapters::kafka::bootstrap_of(address);
  if (!bootstrap) return bootstrap.failure();
  adapters::kafka::kafka_settings settings;
  settings.bootstrap = bootstrap.value();
  return adapters::kafka::make_kafka_log(settings);
}

} // namespace busbar::apps
