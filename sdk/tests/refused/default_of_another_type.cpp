// SPDX-License-Identifier: Apache-2.0
// A default that is no value of the option's type does not compile.
#include <cphost/options.hpp>

struct Options {
  cphost::Bytes buffer;
};
#ifdef REFUSED
#define DEFAULT "64 MB"
#else
#define DEFAULT "64MB"
#endif
constexpr auto kOptions =
    cphost::options<Options>(cphost::optional("buffer", &Options::buffer, DEFAULT, "How much."));
static_assert(kOptions.count == 1);
