// SPDX-License-Identifier: Apache-2.0
#include "host/config/secrets.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace cphost::host {
namespace {

constexpr size_t kSecretBytesMax = 64 << 10;

ResolvedText failed(std::string why) {
  return ResolvedText{false, {}, std::move(why)};
}

ResolvedText read_text(const std::string& path) {
  // Not blocking: a FIFO without a writer would stop the host before it could say why.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return failed(
        fmt::format("the file {} can't be read: {}", in_quotes(path), std::strerror(errno)));
  }
  struct stat info {};
  std::string text;
  bool good = ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
  std::string why = good ? "" : "it is not a regular file";
  while (good && text.size() <= kSecretBytesMax) {
    char chunk[4096];
    const ssize_t got = ::read(fd, chunk, sizeof chunk);
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      why = std::strerror(errno);
      good = false;
    } else {
      text.append(chunk, static_cast<size_t>(got));
    }
  }
  ::close(fd);
  if (!good) return failed(fmt::format("the file {} can't be read: {}", in_quotes(path), why));
  if (text.size() > kSecretBytesMax) {
    return failed(fmt::format("the file {} is longer than 64 KiB", in_quotes(path)));
  }
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (text.empty()) return failed(fmt::format("the file {} is empty", in_quotes(path)));
  return ResolvedText{true, std::move(text), {}};
}

ResolvedText read_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') {
    return failed(fmt::format("the environment variable {} is {}", in_quotes(name),
                              value == nullptr ? "not set" : "empty"));
  }
  return ResolvedText{true, value, {}};
}

ResolvedText read_credential(const std::string& name) {
  if (name.empty() || name.find('/') != std::string::npos || name.starts_with('.')) {
    return failed(fmt::format("{} is not the name of a credential", in_quotes(name)));
  }
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr || *folder == '\0') {
    return failed(
        fmt::format("the credential {} is wanted, but CREDENTIALS_DIRECTORY is not set; "
                    "add LoadCredential={}:PATH to the service",
                    in_quotes(name), name));
  }
  return read_text(std::string(folder) + "/" + name);
}

}  // namespace

bool is_reference(const ConfigValue& value) {
  return value.is(ConfigValue::Type::kTable) &&
         (value.find("file") != nullptr || value.find("env") != nullptr ||
          value.find("credential") != nullptr);
}

ResolvedText resolve_reference(const ConfigValue& reference, const std::string& folder) {
  if (reference.items.size() != 1 || !reference.items[0].is(ConfigValue::Type::kText)) {
    return failed("write { file = \"PATH\" }, { env = \"NAME\" } or { credential = \"NAME\" }");
  }
  const std::string& name = reference.items[0].text;
  if (reference.keys[0] == "env") return read_environment(name);
  if (reference.keys[0] == "credential") return read_credential(name);
  return read_text((std::filesystem::path(folder) / name).string());
}

}  // namespace cphost::host
