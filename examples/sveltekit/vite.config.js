import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

// Vite's pre-bundling would separate the package from the files that it loads.
export default defineConfig({ plugins: [sveltekit()], optimizeDeps: { exclude: ['@latent-dogs/client'] } });
