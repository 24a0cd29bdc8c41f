/** How the web app is built: one small bundle under hashed names, and a server for work on it. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Vite reads a configuration from its default export.
// oxlint-disable-next-line import/no-default-export
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023', reportCompressedSize: false },
  // `vite web` with the server of the demo next to it.
  server: { proxy: { '/api': 'http://127.0.0.1:4000' } },
});
