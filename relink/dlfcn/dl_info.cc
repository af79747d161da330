// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/dlfcn/dl_info.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "relink/dlfcn/dl_error.h"
#include "relink/link/library.h"
#include "relink/reloc/scope.h"

namespace relink {
namespace {

// Since glibc 2.36; older headers lack it.
constexpr int kProgramHeaders = 11;

// As ld.so has it: from the root on.
std::string DirectoryOf(std::string path) {
  if (path.empty() || path.front() != '/') {
    char here[PATH_MAX];
    if (getcwd(here, sizeof(here)) == nullptr) return ".";
    path = absl::StrCat(here, "/", path);
  }
  return path.substr(0, std::max<size_t>(path.rfind('/'), 1));
}

// Dl_serinfo, its array, and the strings after that.
void SearchInfo(const std::vector<std::string>& directories, bool only_size,
                Dl_serinfo* info) {
  const size_t count = directories.size();
  const size_t strings =
      offsetof(Dl_serinfo, dls_serpath) + count * sizeof(Dl_serpath);
  size_t size = strings;
  for (const std::string& directory : directories) {
    size += directory.size() + 1;
  }
  if (only_size) {
    info->dls_size = size;
    info->dls_cnt = static_cast<unsigned>(count);
    return;
  }
  char* text = reinterpret_cast<char*>(info) + strings;
  for (size_t i = 0; i < count; ++i) {
    info->dls_serpath[i].dls_name = text;
    info->dls_serpath[i].dls_flags = 0;
    std::memcpy(text, directories[i].c_str(), directories[i].size() + 1);
    text += directories[i].size() + 1;
  }
}

}  // namespace

int DlInfo(const DlModules& modules, const DlModules::Module& module,
           int request, void* answer) {
  const Library& library = module.library;
  const ScopeMember& member = library.module()->member();
  switch (request) {
    case RTLD_DI_LMID:
      *static_cast<Lmid_t*>(answer) = module.name_space;
      return 0;
    case RTLD_DI_LINKMAP:
      *static_cast<link_map**>(answer) = DlModules::MapOf(library);
      return 0;
    case RTLD_DI_ORIGIN:
      std::strcpy(static_cast<char*>(answer),
                  DirectoryOf(library.name()).c_str());
      return 0;
    case RTLD_DI_SERINFO:
    case RTLD_DI_SERINFOSIZE:
      SearchInfo(modules.SearchDirectories(library),
                 request == RTLD_DI_SERINFOSIZE,
                 static_cast<Dl_serinfo*>(answer));
      return 0;
    case RTLD_DI_TLS_MODID:
      *static_cast<size_t*>(answer) = member.tls_module;
      return 0;
    case RTLD_DI_TLS_DATA:
      *static_cast<void**>(answer) = ThreadBlock(member);
      return 0;
    case kProgramHeaders: {
      const LoadedModule& loaded = *library.module();
      const ByteView headers =
          loaded.image()->image().module(loaded.id()).program_headers;
      *static_cast<const void**>(answer) = headers.data();
      return static_cast<int>(headers.size() / sizeof(ElfW(Phdr)));
    }
    default:
      SetDlError("unsupported dlinfo request");
      return -1;
  }
}

}  // namespace relink
