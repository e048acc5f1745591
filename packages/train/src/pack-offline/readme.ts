/** @module The README of the archive. */

export const readme = ({ node, photos }: { node: string; photos: string | null }): string => `# latent-dogs, the trainer

Trains a DCGAN on photos of dogs on any x86-64 Linux with glibc 2.28 or newer and libstdc++6 (every distribution of 2019 and
later; in a bare container: apt install libstdc++6). Nothing else has to be installed and nothing is downloaded: Node
${node}, ONNX Runtime with its CPU and WebGPU providers, and the trainer are in here.

    ./doctor                      what works on this machine, and how fast
    ${`./train --data ${photos ?? 'PHOTOS'}`.padEnd(29)} ${photos ? 'on the photos that came along' : 'on a folder or a .zip of photos'}
    ./train                       on dogs that it draws itself
    ./train --help

Runs are written to runs/ in the folder you start it in. Take a run folder back to the repository to export it:
pnpm export --run FOLDER

## The graphics card

Training uses the card through WebGPU, which on Linux computes through Vulkan. Two things must be on the machine, neither of
which can come in an archive because they belong to the card and its driver:

- the driver with its Vulkan part: for NVIDIA the ordinary driver (its libGLX_nvidia.so.0 is the Vulkan driver, described in
  /usr/share/vulkan/icd.d/nvidia_icd.json), for AMD and Intel Mesa (Debian, Ubuntu: apt install mesa-vulkan-drivers);
- the Vulkan loader libvulkan.so.1 (Debian, Ubuntu: apt install libvulkan1; Fedora: vulkan-loader). Without root, put the
  file into a folder and name it: LD_LIBRARY_PATH=FOLDER ./train

In a container the driver's Vulkan part must be let in: for NVIDIA, NVIDIA_DRIVER_CAPABILITIES=all.

Without them training goes on the CPU, and says so. ./doctor says what is missing.
`;
