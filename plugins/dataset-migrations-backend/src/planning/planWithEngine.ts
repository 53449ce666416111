import {
  EnginePlanSummary,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  Engine,
  EnginePlan,
  EnginePlanRequest,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { whyNotTogether } from '../engines/whyNotTogether';
import { LocatedPart, said } from './locatedParts';
import { toEnginePlanSummary } from './toEnginePlanSummary';

/**
 * How an engine will carry a plan out: of all objects together, with every
 * sentence on one of several named by it.
 */
export async function planWithEngine(
  engine: Engine,
  parts: LocatedPart[],
  policy: Policy,
): Promise<EnginePlanSummary> {
  const requests = parts.map(({ object, ...part }) => ({ ...part, policy }));
  const plans: EnginePlan[] = [];
  for (const [index, request] of requests.entries()) {
    plans.push(await engine.plan(withOthers(request, requests)));
    plans[index] = named(plans[index], parts[index]);
  }
  const [first, ...others] = plans;
  if (others.length === 0) {
    return toEnginePlanSummary(engine.id, first);
  }
  const apart = whyNotTogether(engine);
  return toEnginePlanSummary(engine.id, {
    strategy: plans.some(({ strategy }) => strategy === 'shadow-copy')
      ? 'shadow-copy'
      : 'metadata-only',
    rows: sum(plans, 'rows'),
    bytes: sum(plans, 'bytes'),
    chunks: sum(plans, 'chunks'),
    seconds: sum(plans, 'seconds'),
    diskBytes: sum(plans, 'diskBytes'),
    locks: plans.flatMap(({ locks }) => locks ?? []),
    notes: plans.flatMap(({ notes }) => notes),
    refusals: [
      ...(apart === undefined ? [] : [apart]),
      ...plans.flatMap(({ refusals }) => refusals),
    ],
  });
}

function withOthers(
  request: EnginePlanRequest,
  all: EnginePlanRequest[],
): EnginePlanRequest {
  const together = all.filter(other => other !== request);
  return together.length > 0 ? { ...request, together } : request;
}

function named(plan: EnginePlan, part: LocatedPart): EnginePlan {
  return {
    ...plan,
    notes: plan.notes.map(note => said(part, note)),
    refusals: plan.refusals.map(refusal => said(part, refusal)),
  };
}

/** Undefined where it is not known of one of them. */
function sum(
  plans: EnginePlan[],
  key: 'rows' | 'bytes' | 'chunks' | 'seconds' | 'diskBytes',
): number | undefined {
  return plans.reduce<number | undefined>((total, { [key]: number }) => {
    return total === undefined || number === undefined
      ? undefined
      : total + number;
  }, 0);
}
