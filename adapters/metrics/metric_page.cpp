#include "adapters/metrics/metric_page.hpp"

#include "adapters/metrics/cluster_families.hpp"
#include "adapters/metrics/family_list.hpp"
#include "adapters/metrics/site_families.hpp"

#include <prometheus/text_serializer.h>

namespace busbar::adapters::metrics {

metric_page::metric_page(const ports::engine_node& engine, metric_settings settings)
    : engine_(engine), settings_(std::move(settings)) {
  add_statistics("log", [this] { return engine_.log_statistics(); });
}

void metric_page::add_statistics(const std::string& group, statistics_source source) {
  sources_.emplace_back("busbar_" + group + "_", std::move(source));
}

std::string metric_page::text() const {
  family_list list;
  list.gauge("busbar_build_info", "1; the label says which version runs.", 1,
             {{"version", settings_.version}});
  add_engine_families(list, engine_.counters());
  add_site_families(list, engine_, settings_);
  add_trouble_families(list, engine_, settings_);
  if (cluster_ != nullptr) add_cluster_families(list, *cluster_);
  for (const ports::health_check& each : engine_.health_checks())
    list.gauge("busbar_health_check_passing", "1 where the check passes.", each.is_passing ? 1 : 0,
               {{"check", each.name}, {"critical", each.is_critical ? "true" : "false"}});
  for (const auto& [prefix, source] : sources_)
    for (const auto& [name, value] : source()) list.statistic(prefix + name, value);
  add_process_families(list);
  return prometheus::TextSerializer{}.Serialize(list.families());
}

} // namespace busbar::adapters::metrics
