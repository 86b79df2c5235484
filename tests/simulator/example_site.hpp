#pragma once
// The site of the preset, as shipped.

#include "adapters/config/site_file.hpp"

#include <memory>
#include <stdexcept>
#include <string>

namespace busbar::tests {

inline std::shared_ptr<const domain::site> example_site(const std::string& file) {
  const auto loaded = adapters::config::load_site(BUSBAR_SOURCE_DIR "/examples/" + file);
  if (!loaded.site) throw std::runtime_error(text_of(loaded.faults.front()));
  return loaded.site;
}

inline domain::instant at_second(std::int64_t second) {
  return domain::instant{domain::seconds{1'800'000'000 + second}};
}

} // namespace busbar::tests
