// SPDX-License-Identifier: Apache-2.0
#include "conversions.hpp"

#include <cstring>
#include <limits>
#include <utility>

namespace clickhouse {
namespace {

constexpr int64_t kSecondsADay = 86'400;
constexpr int64_t kDate32Min = -25'567;  // 1900-01-01
constexpr int64_t kDate32Max = 120'529;  // 2299-12-31

int64_t power_of_ten(int n) {
  int64_t p = 1;
  while (n-- > 0) p *= 10;
  return p;
}

template <class T>
void store(uint8_t* out, size_t i, T value) {
  std::memcpy(out + i * sizeof value, &value, sizeof value);
}

template <class From, class To>
bool convert_integer(const void* values, size_t begin, size_t count, int64_t, uint8_t* out) {
  const From* in = static_cast<const From*>(values) + begin;
  bool all_fit = true;
  for (size_t i = 0; i < count; ++i) {
    const bool fits = std::in_range<To>(in[i]);
    all_fit &= fits;
    store(out, i, fits ? static_cast<To>(in[i]) : To{0});
  }
  return all_fit;
}

bool multiply(const void* values, size_t begin, size_t count, int64_t factor, uint8_t* out) {
  const int64_t* in = static_cast<const int64_t*>(values) + begin;
  bool all_fit = true;
  for (size_t i = 0; i < count; ++i) {
    int64_t ticks;
    const bool fits = !__builtin_mul_overflow(in[i], factor, &ticks);
    all_fit &= fits;
    store(out, i, fits ? ticks : int64_t{0});
  }
  return all_fit;
}

int64_t floor_divide(int64_t value, int64_t by) {
  return value / by - (value % by < 0);
}

template <class To, int64_t kMin, int64_t kMax>
bool divide(const void* values, size_t begin, size_t count, int64_t factor, uint8_t* out) {
  const int64_t* in = static_cast<const int64_t*>(values) + begin;
  bool all_fit = true;
  for (size_t i = 0; i < count; ++i) {
    const int64_t value = floor_divide(in[i], factor);
    const bool fits = value >= kMin && value <= kMax;
    all_fit &= fits;
    store(out, i, fits ? static_cast<To>(value) : To{0});
  }
  return all_fit;
}

template <class From>
Conversion from_integer(char to) {
  switch (to) {
    case 'c':
      return {convert_integer<From, int8_t>, 1, 1};
    case 'C':
      return {convert_integer<From, uint8_t>, 1, 1};
    case 's':
      return {convert_integer<From, int16_t>, 1, 2};
    case 'S':
      return {convert_integer<From, uint16_t>, 1, 2};
    case 'i':
      return {convert_integer<From, int32_t>, 1, 4};
    case 'I':
      return {convert_integer<From, uint32_t>, 1, 4};
    case 'l':
      return {convert_integer<From, int64_t>, 1, 8};
    case 'L':
      return {convert_integer<From, uint64_t>, 1, 8};
    default:
      return {};
  }
}

}  // namespace

Conversion integer_conversion(std::string_view from, std::string_view to) {
  if (from.size() != 1 || to.size() != 1) return {};
  switch (from[0]) {
    case 'c':
      return from_integer<int8_t>(to[0]);
    case 'C':
      return from_integer<uint8_t>(to[0]);
    case 's':
      return from_integer<int16_t>(to[0]);
    case 'S':
      return from_integer<uint16_t>(to[0]);
    case 'i':
      return from_integer<int32_t>(to[0]);
    case 'I':
      return from_integer<uint32_t>(to[0]);
    case 'l':
      return from_integer<int64_t>(to[0]);
    case 'L':
      return from_integer<uint64_t>(to[0]);
    default:
      return {};
  }
}

Conversion to_date_time64(int from_scale, int to_scale) {
  if (to_scale >= from_scale) return {multiply, power_of_ten(to_scale - from_scale), 8};
  return {divide<int64_t, std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()>,
          power_of_ten(from_scale - to_scale), 8};
}

Conversion to_date_time(int from_scale) {
  return {divide<uint32_t, 0, std::numeric_limits<uint32_t>::max()>, power_of_ten(from_scale), 4};
}

Conversion to_date(int from_scale) {
  return {divide<uint16_t, 0, std::numeric_limits<uint16_t>::max()>,
          power_of_ten(from_scale) * kSecondsADay, 2};
}

Conversion to_date32(int from_scale) {
  return {divide<int32_t, kDate32Min, kDate32Max>, power_of_ten(from_scale) * kSecondsADay, 4};
}

}  // namespace clickhouse
