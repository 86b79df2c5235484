// busbar check SITE.toml: is this site file right and safe.

#include "adapters/config/site_file.hpp"
#include "apps/commands.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <iostream>

namespace busbar::apps {

namespace {

int check_site_file(const std::string& path) {
  const auto loaded = adapters::config::load_site(path);
  for (const auto& fault : loaded.faults) std::cerr << adapters::config::text_of(fault) << '\n';
  return loaded.site ? 0 : 2;
}

} // namespace

void add_check_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("check", "Say whether a site file is right and safe");
  command->footer("Prints one line a node: its limit, the limit's source, the sum of fallbacks.\n"
                  "Exit 0: right and safe. Exit 2: every fault as file:line:column.\n\n"
                  "Example:\n  busbar check examples/depot.toml");
  auto path = std::make_shared<std::string>();
  command->add_option("site", *path, "The site's TOML file")->required();
  command->callback([path, &exit_code] { exit_code = check_site_file(*path); });
}

} // namespace busbar::apps
