#pragma once
// Files of stations in a folder: "upload-7.bin" and what is known of it, "upload-7.json". Tokens
// are in memory: a process that starts again expects nothing.

#include "ports/uploads.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace busbar::adapters::uploads {

class upload_shelf : public ports::uploads, public std::enable_shared_from_this<upload_shelf> {
public:
  /// `address`: what stations reach, "http://host:port" or with https. Makes the folder where it
  /// is not there (mode 0700); what an earlier process left unfinished is removed.
  /// errc::out_of_range: no such address. errc::unavailable: the folder cannot be used.
  [[nodiscard]] static domain::result<std::shared_ptr<upload_shelf>> open_folder(
      const std::string& folder, const std::string& address);

  domain::result<std::string> expect(const std::string& identity, const std::string& action,
                                     domain::instant until) override;
  void forget(const std::string& url) override;
  domain::result<std::unique_ptr<ports::upload_writer>>
  open(const ports::offered_upload& offered, domain::instant now) override;
  std::vector<ports::kept_upload> of(const std::string& identity) const override;
  std::optional<ports::upload_bytes> read(const std::string& identity,
                                          std::uint64_t number) const override;

private:
  class writer;
  struct place {
    std::string token;
    std::string identity;
    std::string action;
    domain::instant until{};
    /// A file is coming.
    bool is_open = false;
  };

  upload_shelf(std::string folder, std::string address)
      : folder_(std::move(folder)), address_(std::move(address)) {}
  [[nodiscard]] domain::result<void> take_stock();
  void take_stock_of(const std::string& name);
  /// Null: none. Takes as long whatever is the same; under the lock.
  [[nodiscard]] place* find(std::string_view token);
  void remove(const std::string& token);
  [[nodiscard]] std::string path_of(std::uint64_t number, const char* ending) const;
  [[nodiscard]] domain::result<ports::kept_upload> keep(ports::kept_upload file);
  void make_room();
  /// The file has ended: `is_used` where its token is used up.
  void end(const std::string& token, bool is_used);

  const std::string folder_;
  const std::string address_;
  mutable std::mutex guard_;
  std::vector<place> places_;
  /// By number.
  std::map<std::uint64_t, ports::kept_upload> kept_;
  std::size_t open_count_ = 0;
  std::uint64_t last_ = 0;
};

} // namespace busbar::adapters::uploads
