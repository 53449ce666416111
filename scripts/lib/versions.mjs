/**
 * The exact versions of the tools that Skein brings along. Nothing else in the
 * repository names them; `.tools/` is rebuilt when one of them changes.
 */
export const NODE_VERSION = '24.21.0';
export const YARN_VERSION = '4.18.1';

/** The oldest Node that can run the bootstrap itself. */
export const OLDEST_NODE = 20;
