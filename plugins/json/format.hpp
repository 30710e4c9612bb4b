// SPDX-License-Identifier: Apache-2.0
// format.hpp: the decoder as the host sees it.
#pragma once

#include <cphost/format.hpp>

#include "decoder.hpp"

namespace json {

class Format {
 public:
  using Shared = cphost::OnlyOptions<Options>;

  Format(const Shared& shared, cphost::Env env, const ArrowSchema& records, uint32_t column,
         const ArrowSchema* wanted);

  cphost::Schema rows() const { return decoder_.schema(); }
  void decode(const ArrowArray& records, cphost::Rows& out) { decoder_.decode(records, out); }

 private:
  Decoder decoder_;
};

}  // namespace json
