// SPDX-License-Identifier: Apache-2.0
#include "host/plugins/elf_note.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include <cphost/plugin.h>

namespace cphost::host {
namespace {

constexpr uint64_t kNoteSegmentBytesMax = 64 << 10;
constexpr size_t kNoteTextBytesMax = 4096;
constexpr size_t kComponentsMax = 64;
constexpr size_t kNameBytesMax = 64;

#if defined(__x86_64__)
constexpr uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr uint16_t kMachine = EM_AARCH64;
#else
#error "the ABI is defined for x86-64 and aarch64"
#endif

/// A file that is read at offsets; closes itself.
class BinaryFile {
 public:
  // Not blocking: what ends in .so may be a FIFO.
  explicit BinaryFile(const std::string& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (fd_ < 0) {
      error_ = std::strerror(errno);
      return;
    }
    struct stat info {};
    if (::fstat(fd_, &info) != 0 || !S_ISREG(info.st_mode)) {
      error_ = "it is not a regular file";
      return;
    }
    size_ = static_cast<uint64_t>(info.st_size);
  }
  BinaryFile(const BinaryFile&) = delete;
  BinaryFile& operator=(const BinaryFile&) = delete;
  ~BinaryFile() {
    if (fd_ >= 0) ::close(fd_);
  }

  const std::string& error() const { return error_; }

  bool read(uint64_t at, void* to, uint64_t size) const {
    if (at > size_ || size > size_ - at) return false;
    auto* next = static_cast<char*>(to);
    while (size > 0) {
      const ssize_t got = ::pread(fd_, next, size, static_cast<off_t>(at));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      next += got;
      at += static_cast<uint64_t>(got);
      size -= static_cast<uint64_t>(got);
    }
    return true;
  }

 private:
  int fd_;
  uint64_t size_ = 0;
  std::string error_;
};

NoteReading refused(std::string why) {
  return NoteReading{std::nullopt, std::move(why)};
}

uint64_t aligned(uint64_t at, uint64_t alignment) {
  return (at + alignment - 1) / alignment * alignment;
}

/// The text of the first cphost note in a segment of notes, which may hold others.
std::optional<std::string> find_note(const std::string& segment, uint64_t alignment) {
  constexpr std::string_view kName(CPHOST_NOTE_NAME, sizeof CPHOST_NOTE_NAME);  // with its NUL
  for (uint64_t at = 0; at + sizeof(Elf64_Nhdr) <= segment.size();) {
    Elf64_Nhdr header;
    std::memcpy(&header, segment.data() + at, sizeof header);
    const uint64_t name = at + sizeof header;
    const uint64_t text = aligned(name + header.n_namesz, alignment);
    if (text > segment.size() || header.n_descsz > segment.size() - text) return std::nullopt;
    if (header.n_type == CPHOST_NOTE_TYPE && header.n_namesz == kName.size() &&
        segment.compare(name, kName.size(), kName) == 0) {
      return segment.substr(text, header.n_descsz);
    }
    at = aligned(text + header.n_descsz, alignment);
  }
  return std::nullopt;
}

std::string check_elf_header(const Elf64_Ehdr& header) {
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return "not a shared object (no ELF file)";
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_machine != kMachine) {
    return "made for another machine; install the package for this architecture";
  }
  if (header.e_type != ET_DYN) return "not a shared object (another kind of ELF file)";
  if (header.e_phentsize != sizeof(Elf64_Phdr)) return "damaged: its program headers are odd";
  return {};
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kNameBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
                  c == '.';
         });
}

bool parse_abi(std::string_view text, PluginNote& note) {
  const char* end = text.data() + text.size();
  const auto major = std::from_chars(text.data(), end, note.abi_major);
  if (major.ec != std::errc{} || major.ptr == end || *major.ptr != '.') return false;
  const auto minor = std::from_chars(major.ptr + 1, end, note.abi_minor);
  return minor.ec == std::errc{} && minor.ptr == end;
}

std::string parse_provides(std::string_view text, PluginNote& note) {
  while (!text.empty()) {
    const size_t comma = text.find(',');
    const std::string_view each = text.substr(0, comma);
    const size_t colon = each.find(':');
    const std::string_view kind = each.substr(0, colon);
    const bool known = kind == "source" || kind == "format" || kind == "sink";
    if (!known || colon == std::string_view::npos || !is_name(each.substr(colon + 1))) {
      return "damaged note: provides \"" + std::string(each) + "\", not KIND:NAME";
    }
    note.provides.push_back(
        ProvidedComponent{std::string(kind), std::string(each.substr(colon + 1))});
    if (note.provides.size() > kComponentsMax) return "damaged note: provides too much";
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return {};
}

}  // namespace

NoteReading parse_plugin_note(std::string_view text) {
  if (text.size() > kNoteTextBytesMax) return refused("damaged note: longer than 4096 bytes");
  PluginNote note;
  bool has_abi = false;
  while (!text.empty()) {
    const size_t newline = text.find('\n');
    const std::string_view line = text.substr(0, newline);
    text = newline == std::string_view::npos ? std::string_view() : text.substr(newline + 1);
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos || !is_plain(line)) {
      return refused("damaged note: a line is not KEY=VALUE in printable ASCII");
    }
    const std::string_view key = line.substr(0, equals);
    const std::string_view value = line.substr(equals + 1);
    if (key == "abi") {
      has_abi = parse_abi(value, note);
      if (!has_abi)
        return refused("damaged note: abi \"" + std::string(value) + "\", not MAJOR.MINOR");
    } else if (key == "id") {
      note.id = value;
    } else if (key == "version") {
      note.version = value;
    } else if (key == "license") {
      note.license = value;
    } else if (key == "provides") {
      if (std::string error = parse_provides(value, note); !error.empty()) return refused(error);
    }
  }
  if (!has_abi || !is_name(note.id) || note.version.empty() || note.provides.empty()) {
    return refused("damaged note: it must say abi, id, version and provides");
  }
  return NoteReading{std::move(note), {}};
}

NoteReading read_plugin_note(const std::string& path) {
  const BinaryFile file(path);
  if (!file.error().empty()) return refused("can't be read: " + file.error());
  Elf64_Ehdr header;
  if (!file.read(0, &header, sizeof header)) return refused("not a shared object (too short)");
  if (std::string error = check_elf_header(header); !error.empty()) return refused(error);
  for (uint64_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    uint64_t at = 0;
    if (__builtin_add_overflow(header.e_phoff, i * sizeof segment, &at) ||
        !file.read(at, &segment, sizeof segment)) {
      return refused("damaged: its program headers lie outside the file");
    }
    if (segment.p_type != PT_NOTE || segment.p_filesz > kNoteSegmentBytesMax) continue;
    std::string notes(segment.p_filesz, '\0');
    if (!file.read(segment.p_offset, notes.data(), notes.size())) {
      return refused("damaged: its notes lie outside the file");
    }
    if (auto text = find_note(notes, segment.p_align == 8 ? 8 : 4)) return parse_plugin_note(*text);
  }
  return refused("no plugin: it has no cphost note; build it with cphost_add_plugin()");
}

}  // namespace cphost::host
