// URLs that stations may be given: by scheme and host, never this machine or a link-local address.

#include "adapters/ocpp/gateway/url_list.hpp"

#include <gmock/gmock.h>

namespace busbar::tests {
namespace {

using adapters::ocpp::gateway::url_list;
using testing::HasSubstr;

const std::vector<std::string> own{"engine-1", "10.0.0.7", "fe80::1", "2001:db8::7"};

url_list listed(const std::vector<std::string>& entries) {
  auto made = url_list::of(entries);
  EXPECT_TRUE(made) << made.failure().message;
  return made.value();
}

TEST(url_list, OCPP_11_takes_what_is_listed_by_scheme_and_host) {
  const auto urls = listed({"https://files.example", "ftp://10.0.0.8:2121",
                            "https://*.depot.example", "https://[2001:db8::8]"});
  for (const auto* right :
       {"https://files.example/a/b?c=d", "HTTPS://FILES.EXAMPLE:8443/a", "https://files.example./",
        "https://user:secret@files.example/", "ftp://10.0.0.8:2121/", "https://a.depot.example/x",
        "https://a.b.depot.example", "https://[2001:db8::8]/x"})
    EXPECT_EQ(urls.fault_of(right, own), "") << right;
  for (const auto* wrong :
       {"http://files.example/", "https://files.example.evil/", "https://evil/files.example",
        "https://files.example@evil/", "https://a@files.example@evil/", "ftp://10.0.0.8/",
        "https://depot.example/", "https://xdepot.example/", "https://evil\\@files.example/",
        "https://files.example\n.evil/", "https://files%2eexample/", "//files.example/",
        "files.example", "https://", "https:///x", "https://files.example:x/", "", "file:///etc"})
    EXPECT_THAT(urls.fault_of(wrong, own),
                HasSubstr("allowed are https://files.example, ftp://10.0.0.8:2121"))
        << wrong;
}

TEST(url_list, OCPP_11_this_machine_and_link_local_addresses_are_refused_though_they_are_listed) {
  // These came to be this machine's after they were listed.
  const auto urls = listed({"https://engine-1", "https://10.0.0.7", "https://[2001:db8::7]"});
  for (const auto* wrong : {"https://engine-1/", "https://ENGINE-1/", "https://10.0.0.7/",
                            "https://[2001:db8::7]/", "https://[::ffff:10.0.0.7]/"})
    EXPECT_THAT(urls.fault_of(wrong, own), HasSubstr("this machine")) << wrong;
  const auto all = listed({"https://files.example"});
  for (const auto* wrong : {"https://localhost/", "https://a.localhost/", "https://127.0.0.1/",
                            "https://127.9.9.9/", "https://[::1]/", "https://0.0.0.0/",
                            "https://[::]/", "https://[::ffff:127.0.0.1]/"})
    EXPECT_THAT(all.fault_of(wrong, own), HasSubstr("this machine")) << wrong;
  for (const auto* wrong : {"http://169.254.169.254/latest", "https://[fe80::2]/"})
    EXPECT_THAT(all.fault_of(wrong, own), HasSubstr("link-local")) << wrong;
  for (const auto* wrong : {"http://2130706433/", "http://127.1/", "http://0x7f000001/",
                            "http://0177.0.0.1/"})
    EXPECT_THAT(all.fault_of(wrong, own), HasSubstr("no address in its usual form")) << wrong;
}

TEST(url_list, OCPP_11_without_a_list_none_is_allowed) {
  EXPECT_EQ(url_list{}.fault_of("https://files.example/a", own),
            "'https://files.example': allowed is none (--ocpp-url)");
}

TEST(url_list, an_entry_that_is_no_scheme_and_host_is_refused_with_what_is_allowed) {
  for (const auto* wrong : {"files.example", "https://", "https://files.example/a",
                            "https://user@files.example", "https://127.0.0.1", "https://*",
                            "https://*.", "https://localhost", "http://169.254.0.1"}) {
    const auto made = url_list::of({wrong});
    ASSERT_FALSE(made) << wrong;
    EXPECT_THAT(made.failure().message, HasSubstr(std::string{wrong} + "': allowed is"));
  }
}

TEST(url_list, OCPP_11_the_loopback_is_among_the_addresses_of_this_machine) {
  const auto hosts = adapters::ocpp::gateway::own_hosts();
  EXPECT_THAT(hosts, testing::Contains("127.0.0.1"));
}

} // namespace
} // namespace busbar::tests
