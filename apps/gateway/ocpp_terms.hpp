#pragma once
// What the engine bears of stations that come by OCPP, where the site's file says nothing else:
// they answer within 30 s (OCPP-J), and sample every 10 s.

#include "adapters/ocpp/gateway/provision.hpp"
#include "domain/site.hpp"

#include <memory>
#include <string>
#include <vector>

namespace busbar::apps {

/// `file` with these terms, sealed again. `said` gets a line where the file stated less.
[[nodiscard]] std::shared_ptr<const domain::site>
with_ocpp_terms(const std::shared_ptr<const domain::site>& file,
                const std::vector<adapters::ocpp::gateway::provision>& stations,
                std::vector<std::string>& said);

} // namespace busbar::apps
