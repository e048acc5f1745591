import { defineConfig } from 'astro/config';

// The pre-bundling of Vite 7, which Astro 6 uses, would separate the package from the files that it loads.
export default defineConfig({ vite: { optimizeDeps: { exclude: ['@latent-dogs/client'] } } });
