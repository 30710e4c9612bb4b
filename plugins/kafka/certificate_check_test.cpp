// SPDX-License-Identifier: Apache-2.0
#include "certificate_check.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>

namespace kafka {
namespace {

/// A certificate of CN=broker by CN=authority, whose life ends `seconds` from now, in DER.
std::string certificate(long seconds, const char* hosts) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("prime256v1"),
                                                                EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), X509_free);
  const auto set_name = [](X509_NAME* name, const char* text) {
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(text), -1, -1, 0);
  };
  set_name(X509_get_subject_name(made.get()), "broker");
  set_name(X509_get_issuer_name(made.get()), "authority");
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -1000);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), seconds);
  X509_set_pubkey(made.get(), key.get());
  if (hosts != nullptr) {
    X509_EXTENSION* const names =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, hosts);
    X509_add_ext(made.get(), names, -1);
    X509_EXTENSION_free(names);
  }
  X509_sign(made.get(), key.get(), EVP_sha256());
  unsigned char* der = nullptr;
  const int size = i2d_X509(made.get(), &der);
  std::string bytes(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

std::string fault(int error, const std::string& der, const std::string& ca = "") {
  return certificate_fault("kafka-1:9093/2", error, der, ca);
}

TEST(CertificateFault, NamesTheAuthorityThatIsMissing) {
  const std::string der = certificate(1000, nullptr);
  EXPECT_EQ(fault(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, der, "/ca.pem"),
            "\"CN=broker\" is signed by \"CN=authority\", which is not in ssl_ca_location = "
            "\"/ca.pem\" (unable to get local issuer certificate)");
  EXPECT_NE(fault(X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, der).find("set ssl_ca_location"),
            std::string::npos);
}

TEST(CertificateFault, NamesTheHostsThatTheCertificateIsFor) {
  const std::string der = certificate(1000, "DNS:a.example,IP:10.0.0.1,IP:::1");
  EXPECT_EQ(
      fault(X509_V_ERR_HOSTNAME_MISMATCH, der)
          .find("\"CN=broker\" is for a.example, 10.0.0.1, ::1, not for the host \"kafka-1\""),
      0u);
  EXPECT_NE(fault(X509_V_ERR_IP_ADDRESS_MISMATCH, certificate(1000, nullptr)).find("no host"),
            std::string::npos);
}

TEST(CertificateFault, SaysWhenItEnded) {
  const std::string text = fault(X509_V_ERR_CERT_HAS_EXPIRED, certificate(-10, nullptr));
  EXPECT_EQ(text.find("\"CN=broker\" ended on "), 0u) << text;
  EXPECT_NE(text.find("GMT"), std::string::npos) << text;
}

TEST(CertificateFault, IsOpenSslsOwnWordsWhereThereAreNoBetterOnes) {
  EXPECT_EQ(fault(X509_V_ERR_CERT_REVOKED, certificate(1000, nullptr)),
            "\"CN=broker\" signed by \"CN=authority\": certificate revoked");
  EXPECT_EQ(fault(X509_V_ERR_CERT_REVOKED, "no certificate"), "certificate revoked");
}

TEST(CertificateCheck, KeepsTheLastFault) {
  CertificateCheck check("/ca.pem");
  EXPECT_EQ(check.fault(), "");
  check.note("b:1/2", X509_V_ERR_CERT_REVOKED, "no certificate");
  EXPECT_EQ(check.fault(), "certificate revoked");
}

}  // namespace
}  // namespace kafka
