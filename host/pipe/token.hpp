// SPDX-License-Identifier: Apache-2.0
// Deduplication tokens of blocks: unique to the run of a worker, so that a rewind on purpose is not
// dropped as a repetition.
#pragma once

#include <cstdint>
#include <cstdio>
#include <random>
#include <string>

namespace cphost::host {

class TokenSequence {
 public:
  TokenSequence(const std::string& pipe, uint32_t worker) {
    std::random_device device;
    char salt[20];
    std::snprintf(salt, sizeof salt, "%08x%08x", device(), device());
    prefix_ = "cp1:" + pipe + ":" + salt + ":" + std::to_string(worker) + ":";
  }

  std::string next() { return prefix_ + std::to_string(number_++); }

 private:
  std::string prefix_;
  uint64_t number_ = 0;
};

}  // namespace cphost::host
