#include "adapters/kafka/kafka_statistics.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace busbar::adapters::kafka {

namespace {

double number(const nlohmann::json& from, const char* name) {
  const auto found = from.find(name);
  return found != from.end() && found->is_number() ? found->get<double>() : 0.0;
}

void add_broker(const nlohmann::json& broker, ports::log_statistics& all) {
  // Bootstrap addresses are listed beside the brokers behind them, with a negative node id.
  if (number(broker, "nodeid") < 0) return;
  const auto state = broker.find("state");
  const bool is_up = state != broker.end() && *state == "UP";
  all["brokers_up"] += is_up ? 1 : 0;
  all["requests_waiting"] += number(broker, "waitresp_cnt");
  all["retries_total"] += number(broker, "txretries");
  all["request_timeouts_total"] += number(broker, "req_timeouts");
  const auto round_trip = broker.find("rtt");
  if (round_trip == broker.end() || !round_trip->is_object()) return;
  auto& slowest = all["round_trip_seconds"];
  slowest = std::max(slowest, number(*round_trip, "avg") / 1'000'000);
}

} // namespace

domain::result<ports::log_statistics> read_statistics(const std::string& json) {
  const auto document = nlohmann::json::parse(json, nullptr, false);
  if (!document.is_object())
    return domain::error{domain::errc::malformed, "the statistics are not a JSON object"};
  ports::log_statistics all{{"queue_bytes", number(document, "msg_size")},
                               {"sent_total", number(document, "txmsgs")},
                               {"sent_bytes_total", number(document, "txmsg_bytes")},
                               {"received_total", number(document, "rxmsgs")},
                               {"received_bytes_total", number(document, "rxmsg_bytes")},
                               {"requests_waiting", 0},
                               {"brokers_up", 0},
                               {"retries_total", 0},
                               {"request_timeouts_total", 0},
                               {"round_trip_seconds", 0}};
  const auto brokers = document.find("brokers");
  if (brokers == document.end() || !brokers->is_object()) return all;
  for (const auto& broker : *brokers)
    if (broker.is_object()) add_broker(broker, all);
  return all;
}

} // namespace busbar::adapters::kafka
