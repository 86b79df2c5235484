#include "domain/host_address.hpp"

#include <gtest/gtest.h>

namespace busbar::domain {

TEST(host_address, is_read_and_written_the_same_way) {
  for (const auto* text : {"10.0.0.7:8000", "engine-1.busbar:1", "[::1]:65535"}) {
    const auto read = host_address_from(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(text_of(read.value()), text);
  }
  EXPECT_EQ(host_address_from("[fe80::1]:80").value(), (host_address{"fe80::1", 80}));
  EXPECT_EQ(host_address_of_url("http://engine-1:8000").value(), (host_address{"engine-1", 8'000}));
  EXPECT_EQ(host_address_of_url("https://engine-1:8443").value(),
            (host_address{"engine-1", 8'443}));
  EXPECT_EQ(host_address_of_url("http://[::1]:8000/").value(), (host_address{"::1", 8'000}));
}

TEST(host_address, what_is_no_address_is_refused_with_what_is_allowed) {
  const std::string long_host(host_address::host_bytes_max + 1, 'a');
  for (const std::string text : {"", ":", "engine-1", "engine-1:", ":8000", "engine-1:0", "a:65536",
                                 "a:80x", "::1:80", "[::1:80", "a b:80", "a/b:80", "[]:80",
                                 "a\r\nX: 1:80"})
    EXPECT_FALSE(host_address_from(text)) << text;
  EXPECT_FALSE(host_address_from(long_host + ":80"));
  for (const auto* url : {"", "engine-1:8000", "https://engine-1", "http://engine-1:8000/api",
                          "http://u@engine-1:8000", "http://"})
    EXPECT_FALSE(host_address_of_url(url)) << url;
  EXPECT_EQ(host_address_of_url("ftp://a:80").failure().message,
            "'ftp://a:80': allowed is http://host:port or https://host:port, with a port from 1 to "
            "65535");
}

} // namespace busbar::domain
