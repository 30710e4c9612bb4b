// SPDX-License-Identifier: Apache-2.0
// Reads the files of the ssl_* options once, before librdkafka does: it would say of a wrong one
// only that PEM_lib failed, and only when the first reader opens.
#pragma once

#include "options.hpp"

namespace kafka {

/// Throws CONFIG for a file that can't be read, that is not PEM, for a password that does not open
/// the key, and for a key that is not that of the certificate.
void check_tls_files(const Options& options);

}  // namespace kafka
