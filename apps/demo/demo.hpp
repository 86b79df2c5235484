#pragma once
// Everything in one process: embedded log, engine node, simulated fleet, HTTP server with the page.

#include "apps/engine/engine.hpp"
#include "apps/fleet/fleet.hpp"
#include "apps/web/web_server.hpp"
#include "domain/result.hpp"
#include "domain/site.hpp"
#include "simulator/local_policy.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace busbar::apps {

struct demo_options {
  /// 0: a free one.
  std::uint16_t port = 8000;
  std::uint64_t seed = 1;
  /// A site file; empty: the shipped one.
  std::string site_path;
  /// What charge points decide by themselves.
  simulator::local_policy local;
};

class demo {
public:
  /// Starts it all. The error says which part failed. REQUIRES: not running.
  domain::result<void> start(std::shared_ptr<const domain::site> site, const demo_options& options);
  /// The page first, then the fleet, then the engine; under two seconds. Harmless when stopped.
  void stop();
  /// Where the page is.
  [[nodiscard]] std::string address() const { return page_->address(); }
  [[nodiscard]] std::uint16_t port() const { return page_->port(); }
  [[nodiscard]] engine& node() { return node_; }
  [[nodiscard]] const fleet_counters& fleet_counts() const { return fleet_.counters(); }

private:
  engine node_;
  fleet fleet_;
  std::unique_ptr<web_server> page_;
};

/// The site of `options`, or every fault of its file.
struct demo_site {
  std::shared_ptr<const domain::site> site;
  std::vector<std::string> faults;
};
[[nodiscard]] demo_site load_demo_site(const demo_options& options);

} // namespace busbar::apps
