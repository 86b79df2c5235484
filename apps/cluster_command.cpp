// busbar cluster show|drain|return --engine URL: which engine nodes share the sites, and which of
// them is to hold none for a while.

#include "adapters/http/peers/peer_client.hpp"
#include "adapters/tls/tls_context.hpp"
#include "apps/commands.hpp"
#include "apps/input_file.hpp"
#include "apps/process_lines.hpp"

#include <CLI/CLI.hpp>

#include <future>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace busbar::apps {

namespace {

constexpr const char* footer = R"(
A drained engine node hands its sites to the others, goes on answering the API, and takes none until
it is put back or started again. Any engine node takes the order for another one. Where access is
controlled, --token-file holds an API token of an administrator (docs/access.md). Of an engine node
under TLS (https://) the certificate is held to --ca.
Exit 0: taken. Exit 1: not taken, and why. Exit 2: bad input.

Example:
  busbar cluster show --engine http://10.0.0.7:8000
  busbar cluster drain engine-2 --engine http://10.0.0.7:8000
  busbar cluster return engine-2 --engine http://10.0.0.7:8000)";

constexpr std::string_view plain = "http://";
constexpr std::string_view secure = "https://";

struct cluster_order {
  std::string engine = "http://127.0.0.1:8000";
  std::string node;
  std::string token_file;
  std::string authorities;
};

int fail(const std::string& why, int code) {
  print_line(domain::severity::critical, code == 2 ? "bad_input" : "cluster", "cluster: " + why);
  return code;
}

/// Letters, digits, '.', '-' and '_' as they are; all others as %XX.
std::string escaped(const std::string& name) {
  constexpr const char* digits = "0123456789ABCDEF";
  std::string text;
  for (const unsigned char each : name) {
    const bool is_plain = (each >= '0' && each <= '9') || (each >= 'A' && each <= 'Z') ||
                          (each >= 'a' && each <= 'z') || each == '.' || each == '-' ||
                          each == '_';
    if (is_plain) text += static_cast<char>(each);
    else (text += '%').append({digits[each >> 4U], digits[each & 15U]});
  }
  return text;
}

ports::peer_outcome asked_once(ports::peer_request request,
                               const adapters::tls::shared_context& context) {
  adapters::http::peers::peer_client client;
  if (context) client.secure(context);
  std::promise<ports::peer_outcome> outcome;
  auto came = outcome.get_future();
  client.ask(std::move(request),
             [&outcome](ports::peer_outcome found) { outcome.set_value(std::move(found)); });
  return came.get();
}

/// Null: without TLS.
domain::result<adapters::tls::shared_context> context_of(const cluster_order& order) {
  if (!order.engine.starts_with(secure)) return adapters::tls::shared_context{};
  return adapters::tls::make_client_context({order.authorities, {}});
}

int ask(const cluster_order& order, const std::string& method, const std::string& target) {
  const bool is_secure = order.engine.starts_with(secure);
  if (!is_secure && !order.engine.starts_with(plain))
    return fail("--engine: '" + order.engine + "' is no http://HOST:PORT or https://HOST:PORT", 2);
  const auto context = context_of(order);
  if (!context) return fail("--ca: " + context.failure().message, 2);
  ports::peer_request request;
  request.address = order.engine.substr(is_secure ? secure.size() : plain.size());
  while (request.address.ends_with('/')) request.address.pop_back();
  request.method = method;
  request.target = target;
  if (!order.token_file.empty()) {
    const auto text = read_input(order.token_file, std::size_t{8} << 10U);
    if (!text) return fail("--token-file: " + text.failure().message, 2);
    const auto token = text.value().substr(0, text.value().find_first_of("\r\n"));
    request.headers.push_back({"Authorization", "Bearer " + token});
  }
  const auto outcome = asked_once(std::move(request), context.value());
  if (const auto* failure = std::get_if<ports::peer_failure>(&outcome))
    return fail(order.engine + ": " + failure->detail, 1);
  const auto& answer = std::get<ports::peer_answer>(outcome);
  if (answer.status >= 300)
    return fail(order.engine + " answers " + std::to_string(answer.status) + ": " + answer.body,
                1);
  std::cout << answer.body << std::endl;
  return 0;
}

CLI::App* add(CLI::App& cluster, const std::shared_ptr<cluster_order>& order, const char* name,
              const char* text) {
  auto* command = cluster.add_subcommand(name, text);
  command->footer(footer);
  command->add_option("--engine", order->engine, "Where an engine node answers")
      ->capture_default_str();
  command->add_option("--ca", order->authorities,
                      "Authorities of its certificate (default: those of the machine)");
  command->add_option("--token-file", order->token_file,
                      "A file whose first line is an API token");
  return command;
}

} // namespace

void add_cluster_command(CLI::App& app, int& exit_code) {
  auto* cluster = app.add_subcommand("cluster", "Engine nodes that share the sites");
  cluster->require_subcommand(1);
  cluster->footer(footer);
  auto order = std::make_shared<cluster_order>();
  const std::string path = "/api/v1/cluster";
  auto* show = add(*cluster, order, "show", "The nodes with address, shards and sites, as JSON");
  show->callback([order, path, &exit_code] { exit_code = ask(*order, "GET", path); });
  const auto add_change = [&](const char* name, const char* method, const char* text) {
    auto* command = add(*cluster, order, name, text);
    command->add_option("node", order->node, "The engine node's name")->required();
    command->callback([order, path, method, &exit_code] {
      exit_code = ask(*order, method, path + "/nodes/" + escaped(order->node) + "/drain");
    });
  };
  add_change("drain", "POST", "Empty an engine node: the others take its sites");
  add_change("return", "DELETE", "Let a drained engine node take its share again");
}

} // namespace busbar::apps
