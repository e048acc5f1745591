/** @module The README of the archive. */

export const readme = ({ node, photos }: { node: string; photos: string | null }): string => `# latent-dogs, the trainer

Trains a DCGAN on photos of dogs on any x86-64 Linux with glibc 2.28 or newer and libstdc++6 (every distribution since 2019;
in a bare container: apt install libstdc++6). Nothing else has to be installed and nothing is downloaded: this archive contains
Node ${node}, ONNX Runtime with its CPU and WebGPU providers, and the trainer.

    ./doctor                      what works on this machine, and how fast
    ${`./train --data ${photos ?? 'PHOTOS'}`.padEnd(29)} ${photos ? 'on the included photos' : 'on a folder or a .zip of photos'}
    ./train                       on drawn dogs
    ./train --help

Runs are written to runs/ in the folder you start it in. Take a run folder back to the repository to export it:
pnpm export --run FOLDER

## The graphics card

Training uses the card through WebGPU, which uses Vulkan on Linux. The machine needs two things, which depend on the card and
therefore are not in this archive:

- the driver with Vulkan support: for NVIDIA the ordinary driver (its libGLX_nvidia.so.0 is the Vulkan driver, described in
  /usr/share/vulkan/icd.d/nvidia_icd.json), for AMD and Intel Mesa (Debian, Ubuntu: apt install mesa-vulkan-drivers);
- the Vulkan loader libvulkan.so.1 (Debian, Ubuntu: apt install libvulkan1; Fedora: vulkan-loader). Without root, put the
  file into a folder and set LD_LIBRARY_PATH: LD_LIBRARY_PATH=FOLDER ./train

A container needs access to the driver's Vulkan part: for NVIDIA, NVIDIA_DRIVER_CAPABILITIES=all.

Without them, training runs on the CPU and prints so. ./doctor lists what is missing.
`;
