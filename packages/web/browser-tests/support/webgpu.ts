import type { withGallery } from './gallery.ts';

/** Whether this browser has WebGPU, if only in software, and what ONNX Runtime's build needs. */
export async function hasWebgpu(gallery: ReturnType<typeof withGallery>): Promise<boolean> {
  const { page } = await gallery.open('icon.svg');
  return page.evaluate(async () => {
    const { gpu } = navigator as unknown as { gpu?: { requestAdapter(): Promise<unknown> } };
    return 'Suspending' in WebAssembly && (await gpu?.requestAdapter()) != null;
  });
}
