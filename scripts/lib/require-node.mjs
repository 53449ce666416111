/*
 * Imported first by every command. It stops an old Node with one sentence,
 * before Node trips over syntax or modules it does not know; so it imports
 * nothing itself and its own syntax stays old. The number repeats OLDEST_NODE
 * of versions.mjs for that reason.
 */
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(
    `skein: Node ${process.versions.node} is too old; put Node 20 or later on the path and run this again.`,
  );
  process.exit(1);
}
