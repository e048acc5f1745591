import { defineConfig } from 'astro/config';

// Vite's pre-bundling would separate the package from the files that it loads.
export default defineConfig({ vite: { optimizeDeps: { exclude: ['@latent-dogs/client'] } } });
