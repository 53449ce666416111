/*
 * The thread that parses SQL: the parser is WebAssembly, runs to its end once it
 * has begun, and what it is given comes from anywhere. Plain JavaScript, as the
 * loaders of its parent do not reach a thread.
 */
const { parentPort } = require('node:worker_threads');
const sdk = require('@polyglot-sql/sdk');

const ready = sdk.init();

/** Characters of trees: they are read by the thread that serves requests. */
const MAX_TREE = 32 * 1024 * 1024;

/** What tells nothing and makes most of a tree. */
function withoutEmpty(key, value) {
  if (value === null || (Array.isArray(value) && value.length === 0)) {
    return undefined;
  }
  return key.endsWith('comments') ? undefined : value;
}

/** An undefined inside a list would become null again. */
function serialize(statements) {
  let size = 0;
  return statements.map(statement => {
    const tree = JSON.stringify(statement, withoutEmpty);
    size += tree.length;
    if (size > MAX_TREE) {
      throw new Error(`makes a tree of more than ${MAX_TREE} characters`);
    }
    return tree;
  });
}

parentPort.on('message', async ({ sql, dialect }) => {
  await ready;
  try {
    const { success, ast, error, errorLine } = sdk.parse(sql, dialect);
    parentPort.postMessage(
      success
        ? { statements: serialize(ast) }
        : { error: String(error), line: errorLine },
    );
  } catch (error) {
    parentPort.postMessage({ error: String(error) });
  }
});
