// Security profiles 2 and 3 over real sockets: who is let in, under which protocol, and what is
// counted of the others.

#include "adapters/ocpp/gateway/admission.hpp"
#include "adapters/ocpp/server/ocpp_server.hpp"
#include "tests/adapters/ocpp/test_authority.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <mutex>

namespace busbar::tests {

namespace gateway = adapters::ocpp::gateway;
namespace server = adapters::ocpp::server;
namespace tls = adapters::ocpp::tls;

namespace {

/// Stations by identity and profile; their frames come back to them.
class echo_door : public server::station_door {
public:
  std::map<std::string, std::optional<std::uint8_t>> profiles;
  gateway::key_book keys;

  bool admits(const server::visitor& who) override {
    const auto found = profiles.find(who.identity);
    const gateway::provision known{domain::station_id{who.identity}, who.identity,
                                   found == profiles.end() ? std::nullopt : found->second};
    return gateway::judge(found == profiles.end() ? nullptr : &known, who, keys) ==
           gateway::admission::admitted;
  }
  bool has_session(const std::string& identity) override { return identity == "CP-0"; }
  void opened(server::link_id, const std::string&, domain::instant) override {}
  void frame(server::link_id link, std::string_view text, domain::instant) override {
    orders.push_back({link, std::string{text}, std::nullopt});
  }
  void alive(server::link_id, domain::instant) override {}
  void closed(server::link_id, domain::instant) override {}
  void contested(const std::string&, domain::instant) override {}
  std::vector<server::link_order> take_orders() override { return std::exchange(orders, {}); }
  void on_orders(std::function<void()>) override {}

private:
  std::vector<server::link_order> orders;
};

struct secure_server : testing::Test {
  void SetUp() override {
    write_own(own.issue({"central", "DNS:localhost,IP:127.0.0.1"}));
    folder.write("stations-ca.pem", stations.certificate());
    door.profiles = {{"CP-0", 0}, {"CP-1", 1}, {"CP-2", 2}, {"CP-3", 3}};
    door.keys.set("CP-1", std::string(16, 'k'));
    door.keys.set("CP-2", std::string(16, 'k'));
    settings.plain = server::listen_place{"127.0.0.1", 0};
    settings.secure = server::secure_listener{
        {"127.0.0.1", 0},
        {{{folder.place_of("own.pem"), folder.place_of("own.key")}},
         folder.place_of("stations-ca.pem"), "", false},
        [this](const tls::certificate_notice& notice) {
          const std::lock_guard lock{guard};
          notices.push_back(notice.text);
        }};
  }

  void write_own(const issued& what, const std::string& name = "own") const {
    folder.write(name + ".pem", what.certificate);
    ::chmod(folder.write(name + ".key", what.key).c_str(), 0600);
  }
  /// A certificate of a station, as files.
  client_wish with(const issued& what) const {
    write_own(what, "station");
    return {folder.place_of("station.pem"), folder.place_of("station.key")};
  }
  void start() {
    running.emplace(settings, door);
    const auto done = running->start();
    ASSERT_TRUE(done) << done.failure().message;
  }
  std::uint16_t port() const { return running->secure_port(); }
  /// The head of the answer to a handshake without TLS; that connection is then closed.
  std::string plain_answer(const std::string& identity, const std::string& headers = "") const {
    const int plain = connected_socket(running->port());
    const auto request = "GET /ocpp/" + identity +
                         " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                         "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ocpp1.6\r\n" +
                         headers + "\r\n";
    EXPECT_GT(::send(plain, request.data(), request.size(), MSG_NOSIGNAL), 0);
    std::string head;
    for (char byte = 0; !head.ends_with("\r\n\r\n") && ::recv(plain, &byte, 1, 0) == 1;)
      head += byte;
    // The server has seen the end of it once it ends it as well.
    ::shutdown(plain, SHUT_WR);
    await_end(plain);
    ::close(plain);
    return head;
  }
  double counted(const std::string& name) const { return running->statistics().at(name); }
  /// "old_protocol 2, slow 1"
  std::string failures() const {
    std::string shown;
    const std::string mark = "tls_failed_", end = "_total";
    for (const auto& [name, value] : running->statistics())
      if (name.starts_with(mark) && value > 0)
        shown += (shown.empty() ? "" : ", ") +
                 name.substr(mark.size(), name.size() - mark.size() - end.size()) + " " +
                 std::to_string(static_cast<int>(value));
    return shown;
  }
  std::size_t told(const std::string& part) {
    const std::lock_guard lock{guard};
    std::size_t count = 0;
    for (const auto& each : notices) count += each.find(part) != std::string::npos ? 1 : 0;
    return count;
  }
  /// "Basic identity:kkkkkkkkkkkkkkkk".
  static std::string key_of(const std::string& identity) {
    const auto plain = identity + ":" + std::string(16, 'k');
    std::string encoded(64, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                     reinterpret_cast<const unsigned char*>(plain.data()),
                                     static_cast<int>(plain.size()));
    return "Authorization: Basic " + encoded.substr(0, static_cast<std::size_t>(size)) + "\r\n";
  }

  scratch_folder folder;
  test_authority own{"central's authority"};
  test_authority stations{"stations' authority"};
  echo_door door;
  server::ocpp_settings settings;
  std::mutex guard;
  std::vector<std::string> notices;
  std::optional<server::ocpp_server> running;
};

} // namespace

TEST_F(secure_server, a_station_with_tls_and_its_key_is_served) {
  folder.write("own-ca.pem", own.certificate());
  start();
  client_wish wish;
  wish.authorities = folder.place_of("own-ca.pem");
  tls_client station{port(), wish};
  ASSERT_TRUE(station.is_secure());
  EXPECT_EQ(station.version(), "TLSv1.3");
  EXPECT_EQ(station.upgrade("CP-2", key_of("CP-2")), 101);
  station.send_text("[2,\"1\",\"Heartbeat\",{}]");
  EXPECT_EQ(station.read_text(), "[2,\"1\",\"Heartbeat\",{}]");
  EXPECT_EQ(counted("tls_handshakes_total"), 1);
  EXPECT_GT(counted("certificate_expires_seconds"), 364.0 * 86'400);
}

TEST_F(secure_server, OCPP_4_without_the_key_or_without_tls_a_station_of_profile_2_is_refused) {
  start();
  EXPECT_EQ((tls_client{port(), {}}.upgrade("CP-2")), 401);
  EXPECT_EQ((tls_client{port(), {}}.upgrade("CP-2", key_of("CP-1"))), 401);
  EXPECT_EQ((tls_client{port(), {}}.upgrade("CP-9", key_of("CP-9"))), 401);
  EXPECT_EQ(plain_answer("CP-2", key_of("CP-2")).substr(0, 12), "HTTP/1.1 401");
}

TEST_F(secure_server, a_station_of_profile_3_comes_by_a_certificate_with_its_name) {
  start();
  tls_client by_name{port(), with(stations.issue({"CP-3"}))};
  EXPECT_EQ(by_name.upgrade("CP-3"), 101);
  tls_client by_alternative{port(), with(stations.issue({"a maker's number", "DNS:CP-2"}))};
  EXPECT_EQ(by_alternative.upgrade("CP-2"), 101) << "a certificate is more than a key";
  tls_client by_rsa{port(), with(stations.issue({"CP-1", "", key_kind::rsa}))};
  EXPECT_EQ(by_rsa.upgrade("CP-1"), 101);
}

TEST_F(secure_server, a_certificate_of_another_station_or_none_is_not_enough_for_profile_3) {
  door.keys.set("CP-3", std::string(16, 'k'));
  start();
  const auto foreign = with(stations.issue({"CP-33", "DNS:CP-30"}));
  EXPECT_EQ((tls_client{port(), foreign}.upgrade("CP-3", key_of("CP-3"))), 401);
  EXPECT_EQ((tls_client{port(), {}}.upgrade("CP-3", key_of("CP-3"))), 401) << "a lower profile";
}

TEST_F(secure_server, a_certificate_that_does_not_hold_ends_the_handshake_and_is_counted) {
  folder.write("crl.pem", stations.revocations(false));
  settings.secure->files.revoked = folder.place_of("crl.pem");
  start();
  test_authority stranger{"a stranger"};
  EXPECT_EQ((tls_client{port(), with(stranger.issue({"CP-3"}))}.upgrade("CP-3")), 0);
  EXPECT_EQ(failures(), "unknown_authority 1");
  EXPECT_EQ((tls_client{port(), with(stations.issue({"CP-3", "", key_kind::ecdsa, -1}))}.upgrade(
                "CP-3")),
            0);
  EXPECT_EQ(counted("tls_failed_expired_certificate_total"), 1);
  const auto own_one = with(stations.issue({"CP-3"}));
  EXPECT_EQ((tls_client{port(), own_one}.upgrade("CP-3")), 101);
  folder.write("crl.pem", stations.revocations(true));
  running->reload_certificates();
  EXPECT_EQ((tls_client{port(), own_one}.upgrade("CP-3")), 0);
  EXPECT_EQ(counted("tls_failed_revoked_certificate_total"), 1);
}

TEST_F(secure_server, a_connection_ends_once_its_certificate_is_revoked_and_others_stay) {
  folder.write("crl.pem", stations.revocations(false));
  settings.secure->files.revoked = folder.place_of("crl.pem");
  start();
  tls_client stays{port(), with(stations.issue({"CP-2"}))};
  ASSERT_EQ(stays.upgrade("CP-2"), 101);
  tls_client ends{port(), with(stations.issue({"CP-3"}))};
  ASSERT_EQ(ends.upgrade("CP-3"), 101);
  folder.write("crl.pem", stations.revocations(true));
  running->reload_certificates();
  // The close frame: policy violation (1008).
  EXPECT_EQ(ends.read_text(), "\x03\xf0");
  stays.send_text("still here");
  EXPECT_EQ(stays.read_text(), "still here");
  EXPECT_EQ(counted("tls_revoked_total"), 1);
}

TEST_F(secure_server, an_authority_without_a_list_of_what_it_has_revoked_is_not_believed) {
  test_authority other{"another authority"};
  folder.write("stations-ca.pem", stations.certificate() + other.certificate());
  folder.write("crl.pem", stations.revocations(false));
  settings.secure->files.revoked = folder.place_of("crl.pem");
  start();
  EXPECT_EQ((tls_client{port(), with(stations.issue({"CP-3"}))}.upgrade("CP-3")), 101);
  EXPECT_EQ((tls_client{port(), with(other.issue({"CP-3"}))}.upgrade("CP-3")), 0);
  EXPECT_EQ(counted("tls_failed_no_revocation_list_total"), 1);
}

TEST_F(secure_server, old_protocols_and_weak_suites_are_refused) {
  settings.secure->files.own.push_back(
      {folder.place_of("rsa.pem"), folder.place_of("rsa.key")});
  write_own(own.issue({"central", "", key_kind::rsa}), "rsa");
  start();
  for (const int old : {TLS1_VERSION, TLS1_1_VERSION}) {
    client_wish wish;
    wish.oldest = wish.newest = old;
    wish.security_level = 0;
    EXPECT_FALSE((tls_client{port(), wish}.is_secure())) << old;
  }
  EXPECT_EQ(failures(), "old_protocol 2");
  client_wish wish;
  wish.newest = TLS1_2_VERSION;
  wish.security_level = 0;
  const std::vector<std::string> weak{"NULL", "ECDHE-RSA-AES128-SHA256", "AES128-SHA",
                                      "AES128-GCM-SHA256"};
  for (const auto& each : weak) {
    wish.suites = each;
    EXPECT_FALSE((tls_client{port(), wish}.is_secure())) << each;
  }
  EXPECT_EQ(failures(), "no_common_suite 4, old_protocol 2");
  wish.suites = "ECDHE-RSA-AES128-GCM-SHA256";
  EXPECT_TRUE((tls_client{port(), wish}.is_secure()));
}

TEST_F(secure_server, suites_of_rsa_key_exchange_are_there_where_they_are_stated) {
  write_own(own.issue({"central", "", key_kind::rsa}));
  settings.secure->files.takes_rsa_key_exchange = true;
  start();
  client_wish wish;
  wish.newest = TLS1_2_VERSION;
  wish.suites = "AES128-GCM-SHA256";
  EXPECT_TRUE((tls_client{port(), wish}.is_secure()));
}

TEST_F(secure_server, an_rsa_and_an_ecdsa_certificate_stand_side_by_side) {
  settings.secure->files.own.push_back(
      {folder.place_of("rsa.pem"), folder.place_of("rsa.key")});
  write_own(own.issue({"central", "", key_kind::rsa}), "rsa");
  start();
  client_wish wish;
  wish.newest = TLS1_2_VERSION;
  wish.suites = "ECDHE-RSA-AES256-GCM-SHA384";
  EXPECT_EQ((tls_client{port(), wish}.server_key()), "rsaEncryption");
  wish.suites = "ECDHE-ECDSA-AES256-GCM-SHA384";
  EXPECT_EQ((tls_client{port(), wish}.server_key()), "id-ecPublicKey");
}

TEST_F(secure_server, a_plain_request_is_told_that_tls_is_spoken_and_garbage_is_counted) {
  start();
  const int plain = connected_socket(port());
  const std::string request{"GET /ocpp/CP-0 HTTP/1.1\r\nHost: x\r\n\r\n"};
  ASSERT_GT(::send(plain, request.data(), request.size(), MSG_NOSIGNAL), 0);
  std::string answer(12, '\0');
  ASSERT_EQ(::recv(plain, answer.data(), answer.size(), MSG_WAITALL), 12);
  EXPECT_EQ(answer, "HTTP/1.1 400");
  await_end(plain);
  ::close(plain);
  EXPECT_EQ(counted("tls_failed_plain_request_total"), 1);
  const int rude = connected_socket(port());
  ASSERT_GT(::send(rude, "\x16\x03\x01\x00\x05hello", 10, MSG_NOSIGNAL), 0);
  await_end(rude);
  ::close(rude);
  EXPECT_EQ(failures(), "no_tls 1, plain_request 1");
}

TEST_F(secure_server, a_handshake_that_does_not_end_is_cut_in_time) {
  settings.handshake_time = std::chrono::milliseconds{100};
  start();
  const int silent = connected_socket(port());
  char byte = 0;
  EXPECT_EQ(::recv(silent, &byte, 1, 0), 0);
  ::close(silent);
  EXPECT_EQ(counted("tls_failed_slow_total"), 1);
}

TEST_F(secure_server, OCPP_3_a_station_with_a_session_comes_first_and_others_are_told_when) {
  settings.handshakes_per_s = 1;
  door.profiles["CP-9"] = 0;
  start();
  // Five may come at once, the last of them only with a session; TLS has a pace of its own.
  for (int i = 0; i < 4; ++i) EXPECT_EQ(plain_answer("CP-9").substr(0, 12), "HTTP/1.1 101") << i;
  const auto put_off = plain_answer("CP-9");
  EXPECT_EQ(put_off.substr(0, 12), "HTTP/1.1 503");
  EXPECT_NE(put_off.find("Retry-After: "), std::string::npos) << put_off;
  EXPECT_EQ(plain_answer("CP-0").substr(0, 12), "HTTP/1.1 101");
  EXPECT_EQ(counted("handshakes_put_off_total"), 1);
  EXPECT_EQ(plain_answer("nobody").substr(0, 12), "HTTP/1.1 401") << "costs no station its turn";
}

TEST_F(secure_server, certificates_are_read_again_and_open_connections_stay) {
  start();
  tls_client before{port(), {}};
  EXPECT_EQ(before.server_name(), "central");
  ASSERT_EQ(before.upgrade("CP-0"), 101);
  write_own(own.issue({"central since today"}));
  running->reload_certificates();
  EXPECT_EQ((tls_client{port(), {}}.server_name()), "central since today");
  before.send_text("still here");
  EXPECT_EQ(before.read_text(), "still here");
  EXPECT_EQ(counted("certificate_reloads_total"), 1);
}

TEST_F(secure_server, a_broken_certificate_leaves_the_one_before_in_force_and_is_told) {
  start();
  folder.write("own.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
  running->reload_certificates();
  EXPECT_EQ((tls_client{port(), {}}.server_name()), "central");
  write_own(own.issue({"central", "", key_kind::ecdsa, -1}));
  running->reload_certificates();
  EXPECT_EQ((tls_client{port(), {}}.server_name()), "central");
  folder.write("own.key", own.issue({"central"}).key);
  running->reload_certificates();
  EXPECT_TRUE((tls_client{port(), {}}.is_secure()));
  EXPECT_EQ(told("those before stay in force: " + folder.place_of("own.pem") + ": "), 2u);
  EXPECT_EQ(told("is not the key of " + folder.place_of("own.pem")), 1u);
  EXPECT_EQ(counted("certificate_reload_failures_total"), 3);
}

TEST_F(secure_server, what_cannot_be_read_is_named_before_anything_listens) {
  const auto refused = [&] {
    server::ocpp_server tried{settings, door};
    const auto done = tried.start();
    return done ? std::string{"served"} : done.failure().message;
  };
  ::chmod(folder.place_of("own.key").c_str(), 0644);
  EXPECT_EQ(refused(),
            folder.place_of("own.key") + ": others may read it; allowed is mode 0600 or 0640");
  ::chmod(folder.place_of("own.key").c_str(), 0600);
  settings.secure->files.own.push_back(settings.secure->files.own.front());
  EXPECT_EQ(refused(), folder.place_of("own.pem") + ": another one has a key of this kind; "
                                                    "allowed is one RSA and one ECDSA");
  settings.secure->files.own.pop_back();
  settings.secure->files.authorities = folder.place_of("nowhere.pem");
  EXPECT_EQ(refused(), "'" + folder.place_of("nowhere.pem") + "': cannot be read");
  settings.secure->files.authorities.clear();
  settings.secure->files.revoked = folder.place_of("own.pem");
  EXPECT_EQ(refused(), folder.place_of("own.pem") + ": revoked certificates of no authority; a "
                                                    "file of authorities is to be stated too");
}

TEST_F(secure_server, a_certificate_that_ends_within_30_days_is_told_at_once_and_daily) {
  write_own(own.issue({"central", "", key_kind::ecdsa, 29}));
  std::vector<std::string> said;
  tls::certificate_watch watch{settings.secure->files, [&](const tls::certificate_notice& notice) {
                                 said.push_back(notice.text);
                               }};
  const auto now = std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
  ASSERT_TRUE(watch.start(now));
  ASSERT_EQ(said.size(), 1u);
  EXPECT_NE(said[0].find("own.pem ends in 28 days"), std::string::npos) << said[0];
  watch.look(now + std::chrono::hours{23});
  EXPECT_EQ(said.size(), 1u);
  watch.look(now + std::chrono::hours{24});
  EXPECT_EQ(said.size(), 2u);
}

TEST_F(secure_server, changed_files_are_read_once_they_have_stayed_as_they_are) {
  std::vector<std::string> said;
  tls::certificate_watch watch{settings.secure->files, [&](const tls::certificate_notice& notice) {
                                 said.push_back(notice.text);
                               }};
  const auto now = std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
  ASSERT_TRUE(watch.start(now));
  const auto next = own.issue({"central, renewed"});
  folder.write("own.pem", next.certificate);
  watch.look(now);
  EXPECT_EQ(watch.reloads() + watch.failures(), 0u) << "its key is yet to come";
  folder.write("own.key", next.key);
  watch.look(now);
  EXPECT_EQ(watch.reloads(), 0u);
  watch.look(now);
  EXPECT_EQ(watch.reloads(), 1u);
  watch.look(now);
  EXPECT_EQ(watch.reloads(), 1u);
  EXPECT_EQ(watch.failures(), 0u);
}

TEST(admission, a_station_comes_in_with_its_profile_or_a_higher_one) {
  gateway::key_book keys;
  keys.set("CP", std::string(16, 'k'));
  using gateway::admission;
  const auto judged = [&](std::optional<std::uint8_t> profile, server::link_security link,
                          bool has_key) {
    const gateway::provision known{domain::station_id{"CP"}, "CP", profile};
    // "CP:kkkkkkkkkkkkkkkk"
    const auto* authorization = has_key ? "Basic Q1A6a2tra2tra2tra2tra2traw==" : "";
    return judge(&known, {"CP", authorization, std::move(link)}, keys);
  };
  const server::link_security plain{}, local{true, false, {}}, secure{false, true, {}},
      named{false, true, {"a number", "CP"}}, foreign{false, true, {"CP-2"}};
  EXPECT_EQ(judged(std::nullopt, local, false), admission::admitted);
  EXPECT_EQ(judged(std::nullopt, plain, false), admission::wrong_key);
  EXPECT_EQ(judged(std::nullopt, secure, false), admission::wrong_key);
  EXPECT_EQ(judged(std::nullopt, secure, true), admission::admitted);
  EXPECT_EQ(judged(1, plain, true), admission::admitted);
  EXPECT_EQ(judged(1, secure, true), admission::admitted);
  EXPECT_EQ(judged(2, local, true), admission::lower_profile);
  EXPECT_EQ(judged(2, secure, false), admission::wrong_key);
  EXPECT_EQ(judged(2, named, false), admission::admitted);
  EXPECT_EQ(judged(3, plain, true), admission::lower_profile);
  EXPECT_EQ(judged(3, secure, true), admission::lower_profile);
  EXPECT_EQ(judged(3, foreign, true), admission::foreign_certificate);
  EXPECT_EQ(judged(3, named, false), admission::admitted);
  EXPECT_EQ(judge(nullptr, {"CP", "", named}, keys), admission::unknown_identity);
}

} // namespace busbar::tests
