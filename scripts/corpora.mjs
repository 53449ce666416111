import './lib/require-node.mjs';

const { runUnderToolchain } = await import('./lib/bootstrap.mjs');

await runUnderToolchain(new URL('./commands/corpora.ts', import.meta.url));
