// Loads the CUDA libraries that pip installed with TensorFlow, before TensorFlow opens them.
//
// TensorFlow opens libcudart, libcudnn and the others by file name only. In Python, the search path of its extension module
// finds them. A Node addon must load them first by path; a loaded library is then found by its name.
// CUDA_LIBRARY_FOLDERS is a ':'-separated list, defined on the compiler's command line.
#include <dirent.h>
#include <dlfcn.h>

#include <sstream>
#include <string>

namespace {

void open_libraries_of(const std::string& folder) {
  DIR* listing = opendir(folder.c_str());
  if (listing == nullptr) return;
  while (const dirent* entry = readdir(listing)) {
    const std::string name = entry->d_name;
    // TensorFlow reports a library that cannot be opened, with its purpose.
    if (name.find(".so") != std::string::npos) dlopen((folder + "/" + name).c_str(), RTLD_LAZY | RTLD_GLOBAL);
  }
  closedir(listing);
}

__attribute__((constructor)) void open_cuda_libraries() {
  std::istringstream folders(CUDA_LIBRARY_FOLDERS);
  for (std::string folder; std::getline(folders, folder, ':');)
    if (!folder.empty()) open_libraries_of(folder);
}

}  // namespace
