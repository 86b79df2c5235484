#include "apps/replay/recorded_site.hpp"

#include "adapters/config/site_file.hpp"
#include "apps/environment.hpp"
#include "control/operators/configuration.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace busbar::apps::replay {

namespace {

environment environment_of(const recording::site_source& source) {
  const std::map<std::string, std::string> set(source.environment.begin(),
                                               source.environment.end());
  return read_environment([&](const std::string& name) -> std::optional<std::string> {
           const auto found = set.find(name);
           return found == set.end() ? std::nullopt : std::optional{found->second};
         })
      .read;
}

} // namespace

domain::result<std::shared_ptr<const domain::site>>
recorded_site(const recording::recording_head& head) {
  const auto loaded = adapters::config::parse_site(head.source.file_text, head.site.text());
  if (!loaded.site)
    return domain::error{domain::errc::malformed, "the recorded site file: " +
                                                      text_of(loaded.faults.front())};
  std::vector<std::string> said;
  auto site = with_environment(loaded.site, environment_of(head.source), said);
  if (!site) return site.failure();
  if (!head.configured.is_empty()) {
    auto kept = control::operators::keep_what_fits(*site.value(), head.configured);
    auto made = control::operators::configured_site(*site.value(), kept.kept);
    if (!made) return made.failure();
    site = std::make_shared<const domain::site>(std::move(made.value()));
  }
  if (site.value()->revision == head.revision) return site;
  return domain::error{domain::errc::conflict,
                       "site " + head.site.text() + " was recorded by version " + head.version +
                           " as revision " + std::to_string(head.revision) +
                           "; this program makes revision " +
                           std::to_string(site.value()->revision) + " of the same file"};
}

} // namespace busbar::apps::replay
