// The API under TLS over real sockets: who is answered, what is sent, and how other nodes ask.

#include "adapters/http/peers/peer_client.hpp"
#include "adapters/tls/self_signed.hpp"
#include "tests/adapters/http/access_fixture.hpp"
#include "tests/adapters/ocpp/test_authority.hpp"

#include <openssl/ssl.h>
#include <sys/stat.h>

#include <future>
#include <variant>

namespace busbar::tests {
namespace {

using namespace std::chrono_literals;

class https : public access_fixture {
protected:
  void SetUp() override {
    access_fixture::SetUp();
    scratch.write("ca.pem", own.certificate());
    write_own(own.issue({"engine", "DNS:localhost,IP:127.0.0.1"}));
    auto& secure = settings.secure.emplace();
    secure.files.own = {{scratch.place_of("own.pem"), scratch.place_of("own.key")}};
    secure.tell = [this](const adapters::tls::certificate_notice& notice) {
      if (notice.is_warning) ++warnings;
    };
    trusting.authorities = scratch.place_of("ca.pem");
  }
  void write_own(const issued& made) {
    scratch.write("own.pem", made.certificate);
    scratch.write("own.key", made.key);
    ::chmod(scratch.place_of("own.key").c_str(), 0600);
  }
  [[nodiscard]] std::uint16_t port() const { return server->port(); }
  /// Head and body of one answer.
  static std::string answer_of(tls_client& client, const std::string& request) {
    client.send(request + "Host: localhost\r\nConnection: close\r\n\r\n");
    return client.read_until("");
  }
  [[nodiscard]] std::string health(const client_wish& wish) {
    tls_client client{port(), wish};
    return answer_of(client, "GET /health HTTP/1.1\r\n").substr(0, 12);
  }
  [[nodiscard]] std::string shown_name() { return tls_client{port(), trusting}.server_name(); }
  ports::peer_outcome asked_by(adapters::http::peers::peer_client& peer) {
    std::promise<ports::peer_outcome> done;
    peer.ask({"localhost:" + std::to_string(port()), "GET", "/api/v1/sites", {}, "", 5s},
             [&](ports::peer_outcome given) { done.set_value(std::move(given)); });
    return done.get_future().get();
  }

  test_authority own{"engines' authority"}, clients{"clients' authority"};
  client_wish trusting;
  std::atomic<int> warnings{0};
};

TEST_F(https, the_api_is_served_under_tls_1_3_and_1_2_with_aead_and_nothing_older) {
  start();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto wish = trusting;
    wish.oldest = wish.newest = version;
    tls_client client{port(), wish};
    ASSERT_TRUE(client.is_secure());
    const auto answer = answer_of(client, "GET /api/v1/sites HTTP/1.1\r\n");
    EXPECT_EQ(answer.substr(0, 15), "HTTP/1.1 200 OK");
    EXPECT_NE(answer.find("Strict-Transport-Security: max-age=31536000\r\n"), std::string::npos);
    EXPECT_NE(answer.find("\"garage\""), std::string::npos);
  }
  client_wish old;
  old.oldest = old.newest = TLS1_1_VERSION;
  old.security_level = 0;
  EXPECT_FALSE((tls_client{port(), old}.is_secure()));
  client_wish weak;
  weak.newest = TLS1_2_VERSION;
  weak.security_level = 0;
  weak.suites = "ECDHE-ECDSA-AES128-SHA256";
  EXPECT_FALSE((tls_client{port(), weak}.is_secure())) << "no AEAD";
  const auto counted = server->statistics();
  EXPECT_EQ(counted.at("tls_handshakes_total"), 2);
  EXPECT_EQ(counted.at("tls_failed_old_protocol_total"), 1);
  EXPECT_EQ(counted.at("tls_failed_no_common_suite_total"), 1);
  EXPECT_GT(counted.at("certificate_expires_seconds"), 364.0 * 86'400);
}

TEST_F(https, without_tls_a_request_of_any_method_is_answered_400_which_says_so) {
  start();
  for (const auto* method : {"GET", "POST", "DELETE", "PATCH"}) {
    raw_client client{port()};
    const auto answer = client.ask(method, "/api/v1/sites");
    EXPECT_EQ(answer.status, 400U) << method;
    EXPECT_NE(answer.body.find("TLS is spoken here"), std::string::npos) << answer.body;
    EXPECT_EQ(answer.header("Strict-Transport-Security"), "");
    EXPECT_TRUE(client.is_closed_by_server());
  }
}

TEST_F(https, a_connection_is_kept_and_a_large_body_and_answer_come_through) {
  start();
  tls_client client{port(), trusting};
  const std::string body(60'000, ' ');
  for (int i = 0; i < 3; ++i) {
    client.send("OPTIONS /api/v1/sites HTTP/1.1\r\nHost: localhost\r\n"
                "Content-Length: 60000\r\n\r\n" + body);
    EXPECT_EQ(client.read_until("\r\n\r\n").substr(0, 12), "HTTP/1.1 204");
  }
  tls_client other{port(), trusting};
  EXPECT_GT(answer_of(other, "GET /openapi.json HTTP/1.1\r\n").size(), 100'000U);
}

TEST_F(https, a_stream_runs_under_tls) {
  start();
  tls_client client{port(), trusting};
  client.send("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_NE(client.read_until("event: heartbeat").find("200 OK"), std::string::npos);
  engine.record("under way");
  EXPECT_NE(client.read_until("under way"), "");
}

TEST_F(https, the_pages_cookies_are_secure_whatever_the_page_states) {
  add("anna", domain::role::admin);
  start_guarded();
  tls_client client{port(), trusting};
  const std::string body = R"({"name": "anna", "password": "Copper-bar-77", "cookie": true})";
  client.send("POST /api/v1/access/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
              "Content-Type: application/json\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body);
  const auto answer = client.read_until("");
  ASSERT_EQ(answer.substr(0, 12), "HTTP/1.1 200");
  for (const std::string name : {"busbar_access=", "busbar_refresh="}) {
    const auto begin = answer.find("Set-Cookie: " + name);
    ASSERT_NE(begin, std::string::npos);
    const auto cookie = answer.substr(begin, answer.find("\r\n", begin) - begin);
    EXPECT_NE(cookie.find("; Secure"), std::string::npos) << cookie;
  }
}

TEST_F(https, certificates_are_read_again_and_a_broken_one_leaves_the_one_before_in_force) {
  start();
  tls_client before{port(), trusting};
  EXPECT_EQ(before.server_name(), "engine");
  write_own(own.issue({"engine, renewed", "IP:127.0.0.1"}));
  server->reload_certificates();
  ASSERT_TRUE(reaches("certificate_reloads_total", 1));
  EXPECT_EQ(shown_name(), "engine, renewed");
  EXPECT_EQ(answer_of(before, "GET /health HTTP/1.1\r\n").substr(0, 12), "HTTP/1.1 200")
      << "what stands stays";
  scratch.write("own.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
  server->reload_certificates();
  ASSERT_TRUE(reaches("certificate_reload_failures_total", 1));
  EXPECT_EQ(warnings, 1);
  EXPECT_EQ(shown_name(), "engine, renewed");
}

TEST_F(https, files_that_change_are_read_without_being_told) {
  start();
  write_own(own.issue({"engine, renewed", "IP:127.0.0.1"}));
  ASSERT_TRUE(reaches("certificate_reloads_total", 1));
  EXPECT_EQ(shown_name(), "engine, renewed");
}

TEST_F(https, with_authorities_of_clients_one_without_a_certificate_is_refused) {
  scratch.write("clients.pem", clients.certificate());
  settings.secure->files.authorities = scratch.place_of("clients.pem");
  settings.secure->files.is_certificate_required = true;
  start();
  EXPECT_EQ(health(trusting), "");
  ASSERT_TRUE(reaches("tls_failed_no_certificate_total", 1));
  auto known = trusting;
  const auto made = clients.issue({"prometheus"});
  scratch.write("client.pem", made.certificate);
  scratch.write("client.key", made.key);
  known.certificate = scratch.place_of("client.pem");
  known.key = scratch.place_of("client.key");
  EXPECT_EQ(health(known), "HTTP/1.1 200");
}

TEST_F(https, a_handshake_that_does_not_end_is_cut_in_time) {
  settings.request_time = 100ms;
  start();
  raw_client silent{port()};
  EXPECT_TRUE(silent.is_closed_by_server());
  EXPECT_TRUE(reaches("tls_failed_slow_total", 1));
}

TEST_F(https, what_cannot_be_read_is_named_before_anything_listens) {
  ::chmod(scratch.place_of("own.key").c_str(), 0644);
  server = adapters::http::api::make_server(settings, engine, [] { return std::string{}; },
                                            test_assets, {});
  EXPECT_EQ(server->start().failure().message,
            scratch.place_of("own.key") + ": others may read it; allowed is mode 0600 or 0640");
}

TEST_F(https, another_node_asks_and_follows_by_the_authority_that_it_is_given) {
  start();
  adapters::http::peers::peer_client peer;
  peer.secure(adapters::tls::make_client_context({scratch.place_of("ca.pem"), {}}).value());
  for (int i = 0; i < 2; ++i) {
    const auto given = asked_by(peer);
    ASSERT_TRUE(std::holds_alternative<ports::peer_answer>(given));
    EXPECT_EQ(std::get<ports::peer_answer>(given).status, 200U);
  }
  EXPECT_EQ(peer.statistics().at("connections_total"), 1) << "it is kept";
  std::promise<std::string> seen;
  std::atomic<bool> is_seen{false};
  const auto stream = peer.follow(
      {"127.0.0.1:" + std::to_string(port()), "GET", "/api/v1/stream?site=garage", {}, "", 5s},
      {[&](std::string events) {
         if (!is_seen.exchange(true)) seen.set_value(std::move(events));
       },
       [&](const std::string& why) {
         if (!is_seen.exchange(true)) seen.set_value("ended: " + why);
       }});
  EXPECT_EQ(seen.get_future().get().substr(0, 6), "event:");
}

TEST_F(https, another_node_does_not_ask_one_whose_certificate_does_not_hold) {
  start();
  const auto why = [&](adapters::http::peers::peer_client& peer) {
    const auto given = asked_by(peer);
    const auto* failure = std::get_if<ports::peer_failure>(&given);
    return failure == nullptr ? std::string{"it was asked"} : failure->detail;
  };
  scratch.write("other.pem", clients.certificate());
  adapters::http::peers::peer_client peer;
  peer.secure(adapters::tls::make_client_context({scratch.place_of("other.pem"), {}}).value());
  EXPECT_EQ(why(peer), "TLS: unknown_authority");
  peer.secure(adapters::tls::make_client_context({scratch.place_of("ca.pem"), {}}).value());
  write_own(own.issue({"another host", "DNS:elsewhere.example"}));
  server->reload_certificates();
  ASSERT_TRUE(reaches("certificate_reloads_total", 1));
  EXPECT_EQ(why(peer), "TLS: bad_certificate") << "of another name";
  adapters::http::peers::peer_client plain;
  EXPECT_EQ(std::get<ports::peer_answer>(asked_by(plain)).status, 400U) << "it says what is wrong";
}

TEST_F(https, one_that_an_engine_has_signed_itself_serves_a_first_try) {
  const auto now = std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
  const auto made = adapters::tls::make_self_signed({"localhost", "127.0.0.1", "::1"}, now,
                                                    std::chrono::days{30});
  ASSERT_TRUE(made) << made.failure().message;
  write_own({made.value().certificate, made.value().key});
  start();
  trusting.authorities = scratch.place_of("own.pem");
  EXPECT_EQ(health(trusting), "HTTP/1.1 200");
  EXPECT_EQ(shown_name(), "localhost");
  adapters::http::peers::peer_client peer;
  peer.secure(adapters::tls::make_client_context({scratch.place_of("own.pem"), {}}).value());
  EXPECT_TRUE(std::holds_alternative<ports::peer_answer>(asked_by(peer)));
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{}, {""}, {"a b"}, {"a,DNS:b"}, {"a\n"}})
    EXPECT_FALSE(adapters::tls::make_self_signed(wrong, now, std::chrono::days{30}));
}

} // namespace
} // namespace busbar::tests
