#include "adapters/ocpp/server/handshake.hpp"

#include <gtest/gtest.h>

namespace busbar::tests {

using namespace adapters::ocpp::server;

TEST(ocpp_handshake, the_identity_is_the_last_part_of_the_path_percent_decoded) {
  EXPECT_EQ(identity_of("/ocpp/CP-1", "/ocpp"), "CP-1");
  EXPECT_EQ(identity_of("/ocpp/CP%2F1%20a?x=1", "/ocpp"), "CP/1 a");
  EXPECT_EQ(identity_of("/ocpp/CP-1/", "/ocpp/"), "CP-1");
  EXPECT_EQ(identity_of("/CP-1", ""), "CP-1");
  for (const auto* wrong : {"/ocpp", "/ocpp/", "/other/CP-1", "/ocpp/a/b", "/ocpp/%zz",
                            "/ocpp/%4", "/ocpp/a%00b", "/ocppCP-1"})
    EXPECT_FALSE(identity_of(wrong, "/ocpp")) << wrong;
  EXPECT_FALSE(identity_of("/ocpp/" + std::string(65, 'a'), "/ocpp"));
}

TEST(ocpp_handshake, the_best_of_several_subprotocols_is_echoed_exactly) {
  const std::vector<std::string> spoken{"ocpp1.6"};
  EXPECT_EQ(chosen_protocol("ocpp2.0.1, ocpp1.6", spoken), "ocpp1.6");
  EXPECT_EQ(chosen_protocol("OCPP1.6", spoken), "OCPP1.6");
  EXPECT_EQ(chosen_protocol("ocpp1.6,ocpp2.0.1", {"ocpp2.0.1", "ocpp1.6"}), "ocpp2.0.1");
  EXPECT_EQ(chosen_protocol("ocpp2.0.1", spoken), "");
  EXPECT_EQ(chosen_protocol("", spoken), "");
}

TEST(ocpp_handshake, a_password_may_hold_any_byte_and_the_user_is_the_identity) {
  // "CP:1:a:b"
  EXPECT_EQ(basic_password("Basic Q1A6MTphOmI=", "CP:1"), "a:b");
  // "CP-1:" and the bytes 00 ff 3a
  EXPECT_EQ(basic_password("basic Q1AtMToA/zo=", "CP-1"), std::string("\x00\xff:", 3));
  EXPECT_FALSE(basic_password("Basic Q1AtMToA/zo=", "CP-2"));
  EXPECT_FALSE(basic_password("Bearer Q1AtMToA/zo=", "CP-1"));
  EXPECT_FALSE(basic_password("Basic ***", "CP-1"));
  EXPECT_FALSE(basic_password("", "CP-1"));
}

} // namespace busbar::tests
