import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { thirdPartyNotices } from './third-party.mjs';

// The pages. The server delivers dist/ as it is; names carry a hash of their content, so that they can be kept for ever.
export default defineConfig({
  plugins: [react(), thirdPartyNotices()],
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: 'charts', test: /node_modules\/(echarts|zrender|tslib)/ }] },
      },
    },
  },
  server: { proxy: { '/v1': process.env['FORECAST_API'] ?? 'http://127.0.0.1:8080' } },
});
