#include "control/access/audit_category.hpp"

#include <gtest/gtest.h>

namespace busbar::tests {
namespace {

using control::access::audit_category;

TEST(audit_category, is_what_the_operation_is_about) {
  EXPECT_EQ(audit_category("POST /api/v1/access/login"), "authentication");
  EXPECT_EQ(audit_category("POST /api/v1/access/users"), "access");
  EXPECT_EQ(audit_category("DELETE /api/v1/access/tokens/{token}"), "access");
  EXPECT_EQ(audit_category("POST /api/v1/sites/{site}/reload"), "configuration");
  EXPECT_EQ(audit_category("POST /api/v1/stations/{station}/dc-power/taper"), "configuration");
  EXPECT_EQ(audit_category("PUT /api/v1/chargepoints/{id}/configuration"), "configuration");
  EXPECT_EQ(audit_category("POST /api/v1/stations/{station}/dc-power"), "load_management");
  EXPECT_EQ(audit_category("POST /api/site-constraints/feeder"), "load_management");
  EXPECT_EQ(audit_category("POST /api/v1/requests"), "station_control");
  EXPECT_EQ(audit_category("POST /api/v1/chargepoints/{id}/reset"), "station_control");
  EXPECT_EQ(audit_category("GET /api/audit/logs"), "data");
  EXPECT_EQ(audit_category("GET /metrics"), "data");
}

} // namespace
} // namespace busbar::tests
