// SPDX-License-Identifier: Apache-2.0
#include "json_text.hpp"

#include <cstdint>

namespace fuzz {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool document(Json& out) {
    if (!value(out)) return false;
    space();
    return at_ == text_.size();
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  void space() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\r' || peek() == '\n') ++at_;
  }
  bool digits() {
    const size_t begin = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ > begin;
  }

  bool value(Json& out) {
    space();
    if (take('[')) return array(out);
    if (take('{')) return object(out);
    if (take('"')) return out.kind = Json::kString, string(out.text);
    if (take("null")) return out.kind = Json::kNull, true;
    if (take("true")) return out.kind = Json::kTrue, true;
    if (take("false")) return out.kind = Json::kFalse, true;
    out.kind = Json::kNumber;
    return number(out.text);
  }

  bool number(std::string& out) {
    const size_t begin = at_;
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!digits()) return false;
    }
    out = text_.substr(begin, at_ - begin);
    return true;
  }

  // Behind its quote.
  bool string(std::string& out) {
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') {
        out += c;
      } else if (!escape(out)) {
        return false;
      }
    }
    return false;
  }

  bool escape(std::string& out) {
    static constexpr std::string_view kNames = "\"\\/bfnrt", kMeant = "\"\\/\b\f\n\r\t";
    const char c = peek();
    ++at_;
    if (c == 'u') return code_unit(out);
    const size_t i = kNames.find(c);
    if (c == '\0' || i == kNames.npos) return false;
    out += kMeant[i];
    return true;
  }

  // What is below U+0080 as itself; of the rest only that it is well written.
  bool code_unit(std::string& out) {
    uint32_t unit = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const size_t digit = std::string_view("0123456789abcdef")
                               .find(static_cast<char>(
                                   peek() >= 'A' && peek() <= 'F' ? peek() - 'A' + 'a' : peek()));
      if (digit == std::string_view::npos) return false;
      unit = unit << 4 | static_cast<uint32_t>(digit);
    }
    if (unit < 0x80) {
      out += static_cast<char>(unit);
    } else {
      out += text_.substr(at_ - 6, 6);
    }
    return true;
  }

  bool array(Json& out) {
    out.kind = Json::kArray;
    space();
    if (take(']')) return true;
    do {
      if (!value(out.items.emplace_back())) return false;
      space();
    } while (take(','));
    return take(']');
  }

  bool object(Json& out) {
    out.kind = Json::kObject;
    space();
    if (take('}')) return true;
    do {
      space();
      if (!take('"') || !string(out.keys.emplace_back())) return false;
      space();
      if (!take(':') || !value(out.items.emplace_back())) return false;
      space();
    } while (take(','));
    return take('}');
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

std::optional<Json> read_json(std::string_view text) {
  Json out;
  if (!Reader(text).document(out)) return std::nullopt;
  return out;
}

}  // namespace fuzz
