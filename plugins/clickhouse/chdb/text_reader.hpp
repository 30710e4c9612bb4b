// SPDX-License-Identifier: Apache-2.0
// For tests: a body that comes in pieces of one size.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "body.hpp"

namespace chdb {

class TextReader : public BodyReader {
 public:
  TextReader(std::string text, size_t piece) : text_(std::move(text)), piece_(piece) {}

  size_t read(char* data, size_t size) override {
    const size_t count = std::min({size, piece_, text_.size() - position_});
    text_.copy(data, count, position_);
    position_ += count;
    return count;
  }

 private:
  std::string text_;
  size_t piece_;
  size_t position_ = 0;
};

}  // namespace chdb
