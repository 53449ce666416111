import {
  PlanResponse,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Live } from '../../hooks/useLive';
import { usePlan } from '../../hooks/usePlan';

/**
 * The plan at hand, or the one that the engine makes for the policy that was not
 * proposed.
 *
 * @param plan - under the policy that it proposes
 * @param refresh - makes that one anew
 */
export function usePlanUnder(
  policy: Policy,
  plan: PlanResponse,
  refresh: () => void,
): Pick<Live<PlanResponse>, 'value' | 'error' | 'refresh'> {
  const isOther = policy !== plan.proposedPolicy;
  const other = usePlan(
    plan.datasetRef,
    isOther ? plan.toVersion : undefined,
    policy,
  );
  return isOther ? other : { value: plan, refresh };
}
