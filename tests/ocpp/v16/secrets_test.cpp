// Secrets in frames that are shown.

#include "ocpp/v16/secrets.hpp"

#include <gtest/gtest.h>

namespace busbar::tests {
namespace {

using ocpp::v16::blanked;

TEST(secrets, values_of_secret_keys_passwords_in_URLs_and_private_keys_are_blanked) {
  EXPECT_EQ(blanked(R"([2,"1","ChangeConfiguration",{"key":"authorizationKEY","value":"00aa"}])"),
            R"([2,"1","ChangeConfiguration",{"key":"authorizationKEY","value":"***"}])");
  EXPECT_EQ(blanked(R"([3,"1",{"configurationKey":[{"key":"WifiPassword","value":"s3"},)"
                    R"({"key":"HeartbeatInterval","value":"60"}]}])"),
            R"([3,"1",{"configurationKey":[{"key":"WifiPassword","value":"***"},)"
            R"({"key":"HeartbeatInterval","value":"60"}]}])");
  EXPECT_EQ(blanked(R"({"key":"WifiPassword","value":"new","found":"old"})"),
            R"({"found":"***","key":"WifiPassword","value":"***"})");
  EXPECT_EQ(blanked(R"([2,"1","GetDiagnostics",{"location":"ftp://me:pw@files.example/a@b"}])"),
            R"([2,"1","GetDiagnostics",{"location":"ftp://***@files.example/a@b"}])");
  for (const auto* data : {"-----BEGIN PRIVATE KEY-----", "password=1"})
    EXPECT_EQ(blanked(R"([2,"1","DataTransfer",{"data":")" + std::string{data} +
                      R"(","vendorId":"V"}])"),
              R"([2,"1","DataTransfer",{"data":"***","vendorId":"V"}])");
}

TEST(secrets, what_has_none_stays_as_it_stands_and_what_cannot_be_read_is_blank) {
  const char* plain =
      R"([2, "1","ChangeConfiguration",{"value":1.50,"key":"WebSocketPingInterval"}])";
  EXPECT_EQ(blanked(plain), plain);
  EXPECT_EQ(blanked("[2,"), "[2,");
  EXPECT_EQ(blanked(R"([2,"1",{"key":"AuthorizationKey","value":"00aa")"), "***");
}

} // namespace
} // namespace busbar::tests
