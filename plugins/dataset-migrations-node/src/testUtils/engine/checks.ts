import { agentChecks } from './checks/agents';
import { arrivingChecks } from './checks/arriving';
import { cancellingChecks } from './checks/cancelling';
import { copyingChecks } from './checks/copying';
import { crashingChecks } from './checks/crashing';
import { fencingChecks } from './checks/fencing';
import { metadataChecks } from './checks/metadata';
import { placeChecks } from './checks/places';
import { settingAsideChecks } from './checks/settingAside';
import { switchingChecks } from './checks/switching';
import { togetherChecks } from './checks/together';
import { verifyingChecks } from './checks/verifying';
import { writingChecks } from './checks/writing';
import { EngineCheck } from './types';

/**
 * Every check of the engine conformance kit, in reading order.
 *
 * @public
 */
export const engineChecks: readonly EngineCheck[] = [
  ...placeChecks,
  ...metadataChecks,
  ...copyingChecks,
  ...verifyingChecks,
  ...switchingChecks,
  ...writingChecks,
  ...settingAsideChecks,
  ...arrivingChecks,
  ...fencingChecks,
  ...cancellingChecks,
  ...agentChecks,
  ...crashingChecks,
  ...togetherChecks,
];
