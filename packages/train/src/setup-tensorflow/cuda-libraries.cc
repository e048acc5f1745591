// Loads the CUDA libraries that pip installed beside TensorFlow before TensorFlow looks for them.
//
// TensorFlow opens libcudart, libcudnn and the others by their bare names. In Python they are found because its own
// extension module says where to look; a Node addon has to open them first, by their paths: what is loaded is found by
// its name. CUDA_LIBRARY_FOLDERS is a ':'-separated list, written in by the compiler.
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
    // One that cannot be opened is reported by TensorFlow, which says what it was for.
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
