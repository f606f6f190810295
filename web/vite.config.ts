import { paraglideVitePlugin } from '@inlang/paraglide-js';
import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { buildTarget } from './oldest-browsers.ts';

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: './project.inlang', outdir: './src/lib/paraglide',
      strategy: ['cookie', 'preferredLanguage', 'baseLocale'], cookieName: 'language',
    }),
    sveltekit({
      adapter: adapter({ precompress: true }),
      // Every unsafe request is checked for its origin by the server, pages and API alike.
      csrf: { trustedOrigins: ['*'] },
      csp: {
        mode: 'nonce',
        directives: {
          'default-src': ['none'], 'script-src': ['self'], 'style-src': ['self'], 'img-src': ['self', 'data:'], 'media-src': ['self'], 'connect-src': ['self'], 'manifest-src': ['self'], 'worker-src': ['self'],
          'font-src': ['self'], 'form-action': ['self'], 'base-uri': ['none'], 'frame-ancestors': ['none'],
        },
      },
      // Only the ballot's script starts it.
      serviceWorker: { register: false },
      version: { pollInterval: 0 },
    }),
  ],
  build: { assetsInlineLimit: 0 },
  environments: { client: { build: { target: buildTarget } } },
});
