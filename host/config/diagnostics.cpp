// SPDX-License-Identifier: Apache-2.0
#include "host/config/diagnostics.hpp"

#include <algorithm>
#include <tuple>

namespace cphost::host {
namespace {

void add_once(std::vector<Diagnostic>& to, const Location& where, std::string text) {
  for (const Diagnostic& old : to) {
    if (old.where.file == where.file && old.where.line == where.line && old.text == text) return;
  }
  to.push_back(Diagnostic{where, std::move(text)});
}

std::vector<std::string> lines_of(std::vector<Diagnostic> all) {
  std::stable_sort(all.begin(), all.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.where.file, a.where.line) < std::tie(b.where.file, b.where.line);
  });
  std::vector<std::string> lines;
  for (const Diagnostic& each : all) {
    std::string line = each.where.file;
    if (each.where.line != 0) line += ":" + std::to_string(each.where.line);
    lines.push_back(line + ": " + each.text);
  }
  return lines;
}

}  // namespace

void Diagnostics::error(const Location& where, std::string text) {
  add_once(errors_, where, std::move(text));
}

void Diagnostics::warning(const Location& where, std::string text) {
  add_once(warnings_, where, std::move(text));
}

void Diagnostics::add(const Diagnostics& other,
                      const std::function<bool(const Location&)>& wanted) {
  for (const Diagnostic& each : other.errors_) {
    if (wanted(each.where)) error(each.where, each.text);
  }
  for (const Diagnostic& each : other.warnings_) {
    if (wanted(each.where)) warning(each.where, each.text);
  }
}

std::vector<std::string> Diagnostics::errors() const {
  return lines_of(errors_);
}

std::vector<std::string> Diagnostics::warnings() const {
  return lines_of(warnings_);
}

}  // namespace cphost::host
