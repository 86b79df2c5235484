#pragma once
// A server on a free port of the loopback over a scripted engine.

#include "adapters/http/api/api_server.hpp"
#include "tests/adapters/http/fake_engine.hpp"
#include "tests/adapters/http/raw_client.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace busbar::tests {

inline const adapters::http::api::asset test_assets[] = {
    {"/index.html", "text/html; charset=utf-8", "<!doctype html><title>Busbar</title>"},
    {"/assets/page-1a2b.js", "text/javascript", "export {}"},
};

/// A list of tags that is kept nowhere.
class scripted_tags : public ports::id_tags {
public:
  std::vector<ports::id_tag> tags() const override { return listed; }
  domain::result<void> put_tag(const ports::id_tag& tag) override {
    std::erase_if(listed, [&](const auto& each) { return each.tag == tag.tag; });
    listed.push_back(tag);
    return {};
  }
  domain::result<void> remove_tag(const std::string& tag) override {
    const bool is_gone =
        std::erase_if(listed, [&](const auto& each) { return each.tag == tag; }) > 0;
    if (is_gone) return {};
    return domain::error{domain::errc::unknown_reference, "tag '" + tag + "' is not listed"};
  }

  std::vector<ports::id_tag> listed{{"04A2B3C4", false, std::nullopt, "FLEET", "the blue van",
                                    "staff", 1}};
};

/// A history of one transaction and one series.
class scripted_history : public ports::charge_point_history {
public:
  std::vector<ports::charge_point_transaction>
  transactions_of(const std::string&) const override {
    ports::charge_point_transaction open;
    open.number = 8;
    open.connector = 1;
    open.tag = "TAG1";
    auto ended = open;
    ended.number = 7;
    ended.session = "s-1";
    ended.began_at = ended.ended_at = domain::instant{std::chrono::seconds{60}};
    ended.meter_stop_wh = 6'200;
    ended.reason = "Local";
    ended.flags = {"stop_lost"};
    return {open, ended};
  }
  ports::meter_page meter_values_of(const ports::meter_question& question) const override {
    asked = question;
    ports::meter_row row{1, "Power.Active.Import", "", "Outlet", "W"};
    row.mean = 3'450'500;
    row.least = -7'020;
    row.peak = 4'000'000;
    row.samples = 6;
    if (question.period.count() > 0) row.energy = 57'508;
    const auto first = std::min(question.offset, rows);
    return {{std::min(question.limit, rows - first), row}, rows};
  }

  /// Of meter values, all alike.
  std::uint64_t rows = 1;
  mutable ports::meter_question asked;
};

/// One station that comes by OCPP, and answers as it is told to.
class scripted_charge_points : public ports::charge_points {
public:
  ports::id_tags* list_of_tags() override { return &tags; }
  const ports::charge_point_history* history() const override { return &past; }
  std::optional<std::string> site_of(const std::string& identity) const override {
    if (identity == "wallbox-1") return "garage";
    return others > 0 && identity.starts_with("box-") ? std::optional<std::string>{"depot"}
                                                      : std::nullopt;
  }
  std::vector<ports::charge_point_now> stations() const override {
    ++lists;
    ports::charge_point_now one;
    one.identity = "wallbox-1";
    one.site = "garage";
    one.station = "CP-001";
    one.is_connected = one.is_accepted = true;
    one.firmware = "1.2";
    one.tolerated = {"time_without_zone"};
    one.connectors = {{"Charging", "NoError", 7}, {"", "", std::nullopt}};
    std::vector<ports::charge_point_now> all{one};
    for (std::size_t i = 0; i < others; ++i) {
      all.push_back(one);
      all.back().identity = "box-" + std::to_string(i);
      all.back().site = "depot";
    }
    return all;
  }
  std::vector<ports::charge_point_profile> profiles_of(const std::string&) const override {
    return {{1, {}, R"({"chargingProfileId":7})"}};
  }
  domain::result<std::uint64_t> order(const ports::charge_point_order& wanted,
                                      domain::instant now) override {
    if (refusal) return *refusal;
    given = wanted;
    ports::order_standing made;
    made.number = orders.size() + 1;
    made.action = wanted.action;
    made.request = wanted.payload;
    made.asked_at = now;
    orders.push_back(made);
    return made.number;
  }
  domain::result<void> cancel(const std::string& identity, std::uint64_t number,
                              domain::instant) override {
    if (number > orders.size()) return domain::error{domain::errc::unknown_reference, identity};
    return {};
  }
  /// At once: what has been asked is accepted, or stays as it is.
  void await(std::uint64_t number, domain::instant until, listener told) override {
    auto& order = orders.at(number - 1);
    waited_until = until;
    if (answer.empty()) return told(order);
    order.state = ports::order_state::accepted;
    order.reply.answer = answer;
    told(order);
  }
  std::vector<ports::order_standing> orders_of(const std::string&) const override {
    return orders;
  }

  std::vector<ports::charge_point_frame> frames_of(const std::string&) const override {
    return frames;
  }
  std::optional<ports::order_standing> order_numbered(std::uint64_t number) const override {
    return number == 0 || number > orders.size() ? std::nullopt
                                                 : std::optional{orders[number - 1]};
  }
  std::int32_t new_number() override { return ++last_number; }
  std::string fault_of_url(const std::string& url) const override {
    return url.starts_with("https://files.example/") ? "" : "'" + url + "': allowed is another";
  }

  scripted_history past;
  /// Further stations of a site "depot".
  std::size_t others = 0;
  /// How often all stations were listed.
  mutable std::size_t lists = 0;
  /// As it was ordered.
  ports::charge_point_order given;
  std::vector<ports::charge_point_frame> frames{
      {{}, true, R"([2,"1","Heartbeat",{}])"}, {{}, true, "[2,"}};
  std::int32_t last_number = 40;
  std::optional<domain::error> refusal;
  std::string answer = R"({"status":"Accepted"})";
  domain::instant waited_until{};
  scripted_tags tags;
  std::vector<ports::order_standing> orders{first_order()};

private:
  static ports::order_standing first_order() {
    ports::order_standing made;
    made.number = 1;
    made.action = "RemoteStopTransaction";
    made.state = ports::order_state::accepted;
    made.request = R"({"transactionId":7})";
    made.reply.answer = R"({"status":"Accepted"})";
    return made;
  }
};

class server_fixture : public testing::Test {
protected:
  void SetUp() override {
    engine.publish(make_view(make_site("garage", 3)));
    engine.record("began");
    settings.port = 0;
  }

  void start() {
    server = adapters::http::api::make_server(
        settings, engine, [] { return std::string("busbar_up 1\n"); }, test_assets,
        {[this] { return &stations; }, cluster, peers, nullptr, nullptr, {}, drain, archive});
    const auto started = server->start();
    ASSERT_TRUE(started.has_value()) << (started ? "" : started.failure().message);
  }

  raw_answer ask(const std::string& method, const std::string& target,
                 const std::string& headers = "", const std::string& body = "") {
    return raw_client{server->port()}.ask(method, target, headers, body);
  }
  raw_answer post(const std::string& target, const std::string& body) {
    return ask("POST", target, "Content-Type: application/json\r\n", body);
  }
  raw_answer patch(const std::string& target, const std::string& body) {
    return ask("PATCH", target, "Content-Type: application/json\r\n", body);
  }
  /// Waits until a statistic has reached `value`, ten seconds at most.
  bool reaches(const std::string& name, double value) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (server->statistics().at(name) < value) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

  const ports::cluster* cluster = nullptr;
  adapters::http::api::drain_handler drain;
  ports::peers* peers = nullptr;
  ports::archive* archive = nullptr;
  fake_engine engine;
  scripted_charge_points stations;
  adapters::http::server::server_settings settings;
  std::unique_ptr<adapters::http::server::http_server> server;
};

} // namespace busbar::tests
