// Builds everything into dist/: one page, one script, one style sheet, three workers.
import { build } from 'esbuild';
import { copyFile, rm } from 'node:fs/promises';

const common = {
  bundle: true,
  minify: true,
  target: 'es2022',
  format: 'esm',
  outdir: 'dist',
  logLevel: 'warning',
  legalComments: 'linked',
  define: { 'process.env.NODE_ENV': '"production"' },
};

await rm('dist', { recursive: true, force: true });
await build({
  ...common,
  entryPoints: ['main.jsx'],
  jsx: 'automatic',
  loader: { '.graphql': 'text', '.ttf': 'file' },
  assetNames: '[name]-[hash]',
});
await build({
  ...common,
  format: 'iife',
  entryPoints: {
    'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
    'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
    'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
  },
});
await copyFile('index.html', 'dist/index.html');
