import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

// The chart bundle that report.html carries inside itself: one classic script, no imports, no network.
export default defineConfig({
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    target: 'es2020',
    outDir: 'dist/report',
    copyPublicDir: false,
    emptyOutDir: true,
    lib: {
      entry: fileURLToPath(new URL('./src/report/main.ts', import.meta.url)),
      formats: ['iife'],
      name: 'ForecastReport',
      fileName: () => 'report-charts.js',
    },
  },
});
