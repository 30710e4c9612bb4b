// SPDX-License-Identifier: Apache-2.0
#include "json_plan.hpp"

#include <cphost/arrow.hpp>
#include <cphost/columns/carrier.hpp>
#include <cphost/columns/date_time_input.hpp>
#include <cphost/columns/digits.hpp>
#include <cphost/columns/json_string.hpp>

#include "native_plan.hpp"
#include "sql_text.hpp"
#include "variant_times.hpp"

namespace clickhouse {
namespace {

using cphost::columns::is_container;
using cphost::columns::is_text;

[[noreturn]] void refuse(const std::string& why) {
  throw std::invalid_argument(why);
}

// Types whose text in JSON is what the server's cast to String makes of them.
bool is_same_as_text(Kind kind) {
  switch (kind) {
    case Kind::kUuid:
    case Kind::kIpv4:
    case Kind::kIpv6:
    case Kind::kDate:
    case Kind::kDate32:
    case Kind::kEnum8:
    case Kind::kEnum16:
    case Kind::kBool:
      return true;
    default:
      return kind <= Kind::kUInt64 || is_wide_integer(kind) || is_text(kind);
  }
}

void plan_scalar(JsonPlan& plan, const Type& from, const Type& to) {
  plan.kind = from.kind;
  plan.scale = from.scale;
  plan.width = from.width;
  plan.items = from.items;
  plan.spelled = plan.key || to.kind == Kind::kText || to.kind == Kind::kAny;
  plan.raw = from.kind == Kind::kAny || from.kind == Kind::kJson ||
             (from.kind == Kind::kText && to.kind == Kind::kJson);
  if (plan.conversion) {  // What it makes is the target's own.
    plan.kind = to.kind;
    plan.scale = to.scale;
    plan.width = to.width;
    plan.source = from.kind;
    plan.source_width = from.width;
    return;
  }
  plan.guessed = to.kind == Kind::kAny && to.name.starts_with("Dynamic");
  if (to.kind == Kind::kAny && !variant_keeps(from, to.name))
    refuse("the server would read its text as another value: " + to.name +
           " must have a member that holds all of " + from.text + ", and no narrower one");
  if (to.kind == Kind::kAny || from.kind == to.kind || is_text(from.kind)) return;
  plan.as_double = from.kind == Kind::kFloat32 && to.kind == Kind::kFloat64;
  if (from.kind == Kind::kDateTime && to.kind == Kind::kDateTime64)
    plan.factor = static_cast<int64_t>(cphost::columns::kPowersOfTen[to.scale]);
  if (to.kind == Kind::kText && !is_same_as_text(from.kind))
    refuse("JSON has no text of it that equals the server's");
}

JsonPlan plan_any(const ArrowSchema& field, const Type& to, bool key);

void plan_children(JsonPlan& plan, const ArrowSchema& field, const Type& to) {
  const ArrowSchema& elements = to.kind == Kind::kMap ? *field.children[0] : field;
  if (static_cast<size_t>(elements.n_children) != to.children.size())
    refuse("another number of elements");
  for (size_t i = 0; i < to.children.size(); ++i) {
    const bool key = to.kind == Kind::kMap && i == 0;
    plan.children.push_back(plan_any(*elements.children[i], to.children[i], key));
  }
  for (const std::string& name : to.names) plan.names.push_back(json_string(name) + ":");
}

JsonPlan plan_any(const ArrowSchema& field, const Type& to, bool key) {
  JsonPlan plan;
  plan.key = key;
  if (is_container(to.kind)) {
    if (key) refuse("its keys are no text");
    if (field.format != cphost::columns::arrow_format(to)) refuse("not alike");
    plan.kind = to.kind;
    plan_children(plan, field, to);
    return plan;
  }
  const Type from = cphost::columns::type_of_field(field);
  if (is_container(from.kind)) refuse("not alike");
  if (to.kind != Kind::kAny) plan.conversion = plan_column(field, to, field.name).conversion;
  plan_scalar(plan, from, to);
  if (key && plan.kind == Kind::kBool) refuse("the server reads no booleans as keys");
  return plan;
}

// With date_time_input_format 'basic' the server reads no time that has a zone, so a key of a Map
// is written as seconds since 1970. In a Dynamic or Variant seconds would be a number, and a time
// with a zone a String.
void plan_for_basic(JsonPlan& plan) {
  const bool is_time = plan.kind == Kind::kDateTime || plan.kind == Kind::kDateTime64;
  if (is_time && plan.spelled && !plan.key) {
    refuse("with date_time_input_format 'basic' the server takes its text for a String");
  }
  plan.seconds = plan.key;
  for (JsonPlan& child : plan.children) plan_for_basic(child);
}

}  // namespace

std::string_view date_time_input_of(const ArrowSchema& rows) {
  std::string_view found;
  for (int64_t i = 0; i < rows.n_children; ++i) {
    const auto input = cphost::metadata(*rows.children[i], cphost::columns::kDateTimeInputKey);
    if (input.empty() || input == found) continue;
    if (!found.empty()) {
      refuse("columns of one block say different things about their times (" +
             std::string(cphost::columns::kDateTimeInputKey) + "): '" + std::string(found) +
             "' and, column " + quote_identifier(rows.children[i]->name) + ", '" +
             std::string(input) + "'");
    }
    found = input;
  }
  return found;
}

JsonPlan plan_json(const ArrowSchema& field, const Type& target, bool basic) {
  JsonPlan plan = plan_any(field, target, false);
  if (basic) plan_for_basic(plan);
  return plan;
}

std::string json_string(std::string_view text) {
  std::string out(text.size() * cphost::columns::kJsonStringMax + 2, '\0');
  auto* const begin = reinterpret_cast<unsigned char*>(out.data());
  out.resize(static_cast<size_t>(cphost::columns::write_json_string(text, begin) - begin));
  return out;
}

}  // namespace clickhouse
