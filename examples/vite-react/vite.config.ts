import { defineConfig } from 'vite';

// Vite's pre-bundling would separate the package from the files that it loads.
export default defineConfig({ optimizeDeps: { exclude: ['@latent-dogs/client'] } });
