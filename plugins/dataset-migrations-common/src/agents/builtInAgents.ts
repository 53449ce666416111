import { DeclarativeAgent } from './types';

/**
 * The agents that every installation has.
 *
 * @public
 */
export const builtInAgents: readonly DeclarativeAgent<any>[] = [];
