// SPDX-License-Identifier: Apache-2.0
#include "tls_files.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cphost/status.hpp>
#include <cstring>
#include <memory>
#include <string>

namespace kafka {
namespace {

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using CertificatePtr = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

[[noreturn]] void refuse(const std::string& option, const std::string& path,
                         const std::string& what) {
  ERR_clear_error();
  throw cphost::Error(cphost::config, "TLS_FILE", option + " = \"" + path + "\" " + what);
}

BioPtr open_file(const std::string& option, const std::string& path) {
  errno = 0;
  BioPtr file(BIO_new_file(path.c_str(), "r"), BIO_free_all);
  if (!file) {
    refuse(option, path, std::string("can't be read: ") + std::strerror(errno ? errno : EIO));
  }
  return file;
}

CertificatePtr read_certificate(const std::string& option, const std::string& path) {
  const BioPtr file = open_file(option, path);
  CertificatePtr certificate(PEM_read_bio_X509_AUX(file.get(), nullptr, nullptr, nullptr),
                             X509_free);
  if (!certificate) {
    refuse(option, path, "holds no certificate in PEM (-----BEGIN CERTIFICATE-----)");
  }
  return certificate;
}

struct Password {
  const std::string& text;
  bool asked = false;
};

int give_password(char* to, int size, int, void* self) {
  auto& password = *static_cast<Password*>(self);
  password.asked = true;
  if (password.text.empty() || std::cmp_greater(password.text.size(), size)) return -1;
  std::memcpy(to, password.text.data(), password.text.size());
  return static_cast<int>(password.text.size());
}

KeyPtr read_key(const Options& options) {
  const char* const option = "ssl_key_location";
  const std::string& path = options.ssl_key_location;
  const BioPtr file = open_file(option, path);
  Password password{options.ssl_key_password};
  KeyPtr key(PEM_read_bio_PrivateKey(file.get(), nullptr, give_password, &password), EVP_PKEY_free);
  if (key) return key;
  if (password.asked && password.text.empty()) {
    refuse(option, path, "is locked by a password; set ssl_key_password");
  }
  if (password.asked) refuse(option, path, "is not opened by ssl_key_password");
  refuse(option, path, "holds no private key in PEM (-----BEGIN PRIVATE KEY-----)");
}

void check_authorities(const std::string& path) {
  struct stat info {};
  // A folder of hashed names is looked up by OpenSSL, certificate by certificate.
  if (::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return;
  read_certificate("ssl_ca_location", path);
}

}  // namespace

void check_tls_files(const Options& options) {
  // librdkafka's word for what it looks for by itself.
  if (!options.ssl_ca_location.empty() && options.ssl_ca_location != "probe") {
    check_authorities(options.ssl_ca_location);
  }
  if (options.ssl_certificate_location.empty()) return;
  const auto certificate =
      read_certificate("ssl_certificate_location", options.ssl_certificate_location);
  const KeyPtr key = read_key(options);
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    refuse("ssl_key_location", options.ssl_key_location,
           "is not the key of ssl_certificate_location = \"" + options.ssl_certificate_location +
               "\"");
  }
}

}  // namespace kafka
