import { EngineCheck } from './types';

/** Every check of the engine conformance kit, in reading order. @public */
export const engineChecks: readonly EngineCheck[] = [];
