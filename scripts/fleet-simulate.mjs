import './lib/require-node.mjs';

const { runUnderToolchain } = await import('./lib/bootstrap.mjs');

await runUnderToolchain(
  new URL('./commands/fleet-simulate.ts', import.meta.url),
);
