#pragma once
// Site files for tests: a service, a transformer, a feeder, a station and a connector by default,
// then only the lines that matter.

#include "adapters/config/site_file.hpp"

#include <gtest/gtest.h>

#include <string>

namespace busbar::tests {

/// A site file whose parts are given: lines of [site], of the transformer's and the feeder's
/// [[node]], of [[station]] and of [[station.connector]], and tables that stand between.
struct site_text {
  std::string site, transformer, feeder, capability, station;
  std::string connector = "max_a = 16\n";

  [[nodiscard]] std::string text() const {
    return "[site]\nid = \"garage\"\n" + site + capability +
           "[[node]]\nid = \"service\"\nkind = \"service\"\n"
           "limits = [{ source = \"rating\", a = 100 }]\n"
           "[[node]]\nid = \"t1\"\nkind = \"transformer\"\nparent = \"service\"\n"
           "rated_va = 100000\nsecondary_v = 400\n" +
           transformer + "[[node]]\nid = \"f1\"\nkind = \"feeder\"\nparent = \"t1\"\n" + feeder +
           "[[station]]\nid = \"CP-1\"\nnode = \"f1\"\n" + station + "[[station.connector]]\n" +
           connector;
  }
};

/// Expects no fault.
inline domain::site read(const site_text& from) {
  const auto loaded = adapters::config::parse_site(from.text(), "site.toml");
  for (const auto& fault : loaded.faults) ADD_FAILURE() << text_of(fault);
  return loaded.site ? *loaded.site : domain::site{};
}

/// The faults of `from` without their places, one a line.
inline std::string faults_of(const site_text& from) {
  std::string lines;
  for (const auto& fault : adapters::config::parse_site(from.text(), "site.toml").faults) {
    EXPECT_GT(fault.line, 0U) << fault.message;
    EXPECT_GT(fault.column, 0U) << fault.message;
    EXPECT_EQ(fault.message.find(" mA"), std::string::npos) << "fields are in A: " << fault.message;
    lines += fault.message + "\n";
  }
  return lines;
}

} // namespace busbar::tests
