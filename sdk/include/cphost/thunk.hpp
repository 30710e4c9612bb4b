// SPDX-License-Identifier: Apache-2.0
// cphost/thunk.hpp: what source.hpp, format.hpp and sink.hpp share: objects behind void*, and
// exceptions to statuses.
#pragma once

#include <concepts>
#include <exception>
#include <new>
#include <type_traits>
#include <utility>

#include "env.hpp"
#include "options.hpp"
#include "schema.hpp"

namespace cphost {

// What the objects of a pipe's workers share, unless the component's class has a `Shared` of its
// own, made as Shared(options, env).
template <class O>
struct OnlyOptions {
  OnlyOptions(O parsed, Env given) : options(std::move(parsed)), env(given) {}
  const O options;
  const Env env;
};

namespace thunk {

template <class C, class O>
struct SharedOf {
  using Type = OnlyOptions<O>;
};
template <class C, class O>
requires requires {
  typename C::Shared;
}
struct SharedOf<C, O> {
  using Type = typename C::Shared;
};

// A call that throws needs the env of its object, so that is kept in front of it.
template <class T>
struct Object {
  const cphost_env* env;
  T value;
};

template <class T>
T& self(void* object) {
  return static_cast<Object<T>*>(object)->value;
}
template <class T>
const cphost_env* env_of(void* object) {
  return static_cast<Object<T>*>(object)->env;
}
template <class T>
void drop(void* object) noexcept {
  delete static_cast<Object<T>*>(object);
}

// Calls f, which returns a Status or nothing, and answers what the host must do.
template <class F>
int32_t guard(const cphost_env* env, F&& f) noexcept {
  try {
    if constexpr (std::is_void_v<decltype(f())>) {
      f();
      return CPHOST_OK;
    } else {
      return static_cast<int32_t>(f());
    }
  } catch (const Error& e) {
    return env->fail(env, static_cast<int32_t>(e.status()), e.code(), str(e.text()));
  } catch (const std::bad_alloc&) {
    return env->fail(env, CPHOST_FATAL, "OUT_OF_MEMORY", str("out of memory"));
  } catch (const std::exception& e) {
    return env->fail(env, CPHOST_FATAL, "EXCEPTION", str(e.what()));
  } catch (...) {
    return env->fail(env, CPHOST_FATAL, "EXCEPTION", str("an exception of an unknown type"));
  }
}

// For calls without a status: what goes wrong is logged.
template <class F>
void guard_void(const cphost_env* env, F&& f) noexcept {
  try {
    f();
  } catch (const std::exception& e) {
    env->log(env, CPHOST_LOG_ERROR, str(e.what()));
  } catch (...) {
    env->log(env, CPHOST_LOG_ERROR, str("an exception of an unknown type"));
  }
}

template <class T, class... A>
int32_t make(const cphost_env* env, void** out, A&&... arguments) noexcept {
  *out = nullptr;
  return guard(env, [&] { *out = new Object<T>{env, T(std::forward<A>(arguments)...)}; });
}

// An author may give a schema as either.
inline void export_schema(const Schema& schema, ArrowSchema* out) {
  schema.export_to(out);
}
inline void export_schema(UniqueSchema schema, ArrowSchema* out) {
  *out = schema.move_out();
}

// create and destroy are the same for all kinds.
template <class Shared, const auto& kOptions, class Table>
constexpr void set_create(Table& table) {
  table.create = [](const cphost_env* env, const cphost_value* values, void** out) noexcept {
    *out = nullptr;
    return guard(env, [&] {
      *out = new Object<Shared>{env, Shared(kOptions.parse(values), Env(env))};
    });
  };
  table.destroy = drop<Shared>;
}

}  // namespace thunk
}  // namespace cphost
