#pragma once
// `ports::access` as it runs: a store, two threads that hash, one that writes, and one that looks
// for what other processes have written.

#include "adapters/access/desk_settings.hpp"
#include "domain/result.hpp"
#include "ports/access.hpp"

#include <memory>
#include <string>

namespace busbar::adapters::access {

class desk_core;

class access_desk : public ports::access {
public:
  /// Opens the store and reads or makes the keys.
  [[nodiscard]] static domain::result<std::unique_ptr<access_desk>> open(desk_settings settings);
  /// What is under way is answered, what waits is not.
  ~access_desk() override;

  /// The code for the first administrator: known to this process alone. Empty where there are
  /// users.
  [[nodiscard]] const std::string& set_up_code() const;

  [[nodiscard]] std::optional<domain::principal> principal_of(std::string_view credential,
                                                              domain::instant now) override;
  [[nodiscard]] bool is_current(const domain::principal& who, domain::instant now) const override;
  [[nodiscard]] std::optional<std::string>
  login_of(std::string_view refresh_token) const override;
  [[nodiscard]] bool has_logged_in_from(std::string_view name,
                                        const std::string& address) const override;
  [[nodiscard]] bool has_users() const override;
  [[nodiscard]] std::vector<ports::user_view> users() const override;
  [[nodiscard]] std::vector<ports::token_view> tokens() const override;

  void set_up(const std::string& code, const ports::login& first,
              ports::access_listener<ports::access_grant> then) override;
  void log_in(const ports::login& tried,
              ports::access_listener<ports::access_grant> then) override;
  void refresh(const std::string& refresh_token,
               ports::access_listener<ports::access_grant> then) override;
  void log_out(const std::string& refresh_token,
               ports::access_listener<ports::access_done> then) override;
  void change_password(const domain::principal& who, const ports::login& now,
                       const std::string& next,
                       ports::access_listener<ports::access_grant> then) override;
  void add_user(const ports::new_user& made,
                ports::access_listener<ports::access_done> then) override;
  void change_user(const std::string& name, const ports::user_change& change,
                   ports::access_listener<ports::access_done> then) override;
  void remove_user(const std::string& name,
                   ports::access_listener<ports::access_done> then) override;
  void add_token(const domain::principal& owner, const ports::new_token& made,
                 ports::access_listener<ports::made_token> then) override;
  void remove_token(const std::string& id, const std::optional<std::string>& owner,
                    ports::access_listener<ports::access_done> then) override;

private:
  explicit access_desk(std::unique_ptr<desk_core> made);

  std::unique_ptr<desk_core> core_;
};

} // namespace busbar::adapters::access
