#pragma once
// Bodies of users, tokens and logins, read and written.

#include "adapters/http/json/body_reader.hpp"
#include "adapters/http/server/message.hpp"
#include "ports/access.hpp"
#include "text/json_writer.hpp"

#include <string>

namespace busbar::adapters::http::api {

/// 1 to 256 bytes; a fault does not show it.
[[nodiscard]] std::string required_secret(json::body_reader& body, const std::string& name);
[[nodiscard]] domain::role required_role(json::body_reader& body);
/// `sites`: null or left out: all.
[[nodiscard]] domain::site_binding sites_in(json::body_reader& body);
/// `role`, `sites`, `disabled`, `password`: at least one of them.
[[nodiscard]] ports::user_change read_user_change(json::body_reader& body);

void write_principal(text::json_writer& json, const domain::principal& who);
/// `password`: how old it is, and when it is too old.
void write_password_age(text::json_writer& json, const ports::user_view& user,
                        domain::instant now);
void write_user(text::json_writer& json, const ports::user_view& user, domain::instant now);
void write_token(text::json_writer& json, const ports::token_view& token);

/// The tokens in the body, or in cookies that scripts do not see. `is_secure`: sent over TLS alone.
[[nodiscard]] server::response grant_response(const ports::access_grant& grant, bool is_by_cookie,
                                              bool is_secure);
[[nodiscard]] server::response token_response(const ports::made_token& made);
/// Takes the page's cookies away.
[[nodiscard]] server::response without_cookies(server::response answer);

/// `is_login`: what is not known is 401 with one sentence, whatever it is.
[[nodiscard]] server::response refusal_of(const ports::access_failure& failure,
                                          const std::string& path, bool is_login);

} // namespace busbar::adapters::http::api
