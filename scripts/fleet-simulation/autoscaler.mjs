/**
 * The decisions of a HorizontalPodAutoscaler (autoscaling/v2) with one external
 * metric and a target of type AverageValue, as Kubernetes documents them and
 * its controller takes them.
 *
 * @typedef {object} Policy
 * @property {'Pods' | 'Percent'} type
 * @property {number} value
 * @property {number} periodSeconds
 *
 * @typedef {object} Rules
 * @property {number} stabilizationWindowSeconds
 * @property {'Max' | 'Min' | 'Disabled'} selectPolicy
 * @property {Policy[]} policies
 *
 * @typedef {object} AutoscalerSettings
 * @property {number} minReplicas
 * @property {number} maxReplicas
 * @property {number} averageValue - Of the metric, for each replica.
 * @property {number} tolerance - How far usage may be from it, as a share.
 * @property {Rules} scaleUp
 * @property {Rules} scaleDown
 */

/** What the controller has unless it is told otherwise. */
const TOLERANCE = 0.1;

/**
 * Reads the manifest of an autoscaler.
 *
 * @param {any} manifest
 * @returns {AutoscalerSettings}
 */
export function readAutoscaler({ spec }) {
  const [{ external }] = spec.metrics;
  return {
    minReplicas: spec.minReplicas,
    maxReplicas: spec.maxReplicas,
    averageValue: Number(external.target.averageValue),
    tolerance: TOLERANCE,
    scaleUp: spec.behavior.scaleUp,
    scaleDown: spec.behavior.scaleDown,
  };
}

/**
 * The same with all its times divided, so that an hour is over in minutes.
 *
 * @param {AutoscalerSettings} settings
 * @param {number} factor
 * @returns {AutoscalerSettings}
 */
export function hasten(settings, factor) {
  const hastenRules = rules => ({
    ...rules,
    stabilizationWindowSeconds: rules.stabilizationWindowSeconds / factor,
    policies: rules.policies.map(policy => ({
      ...policy,
      periodSeconds: policy.periodSeconds / factor,
    })),
  });
  return {
    ...settings,
    scaleUp: hastenRules(settings.scaleUp),
    scaleDown: hastenRules(settings.scaleDown),
  };
}

/**
 * Replicas that the metric asks for: the metric divided by the average, rounded
 * up; as many as there are while usage is within the tolerance.
 *
 * @param {{ metric: number, replicas: number }} state
 * @param {Pick<AutoscalerSettings, 'averageValue' | 'tolerance'>} settings
 */
export function wantedReplicas(
  { metric, replicas },
  { averageValue, tolerance },
) {
  const usage = metric / (averageValue * replicas);
  return Math.abs(1 - usage) <= tolerance
    ? replicas
    : Math.ceil(metric / averageValue);
}

/** Decides again and again; remembers what its windows need. */
export class Autoscaler {
  #settings;
  /** @type {{ at: number, wanted: number }[]} */
  #recommendations = [];
  /** @type {{ at: number, change: number }[]} */
  #events = [];

  /** @param {AutoscalerSettings} settings */
  constructor(settings) {
    this.#settings = settings;
  }

  /**
   * @param {{ now: number, replicas: number, metric: number }} state - `now` in
   *   seconds, never less than before; `replicas` that the Deployment has.
   * @returns {{ wanted: number, replicas: number }} what the metric asks for,
   *   and what the Deployment is to have now
   */
  decide({ now, replicas, metric }) {
    const wanted = wantedReplicas({ metric, replicas }, this.#settings);
    const stable = this.#stabilize(now, replicas, wanted);
    const allowed = this.#limit(now, replicas, stable);
    if (allowed !== replicas) {
      this.#events.push({ at: now, change: allowed - replicas });
    }
    return { wanted, replicas: allowed };
  }

  /** Up to the least, down to the most that was wanted within the windows. */
  #stabilize(now, replicas, wanted) {
    this.#recommendations.push({ at: now, wanted });
    const within = ({ stabilizationWindowSeconds }) =>
      this.#recommendations
        .filter(({ at }) => at === now || at > now - stabilizationWindowSeconds)
        .map(recommendation => recommendation.wanted);
    const up = Math.min(...within(this.#settings.scaleUp));
    const down = Math.max(...within(this.#settings.scaleDown));
    if (replicas < up) return up;
    return replicas > down ? down : replicas;
  }

  /** No further than the policies and the bounds allow. */
  #limit(now, replicas, stable) {
    const { minReplicas, maxReplicas, scaleUp, scaleDown } = this.#settings;
    if (stable > replicas) {
      const most = this.#furthest(scaleUp, now, replicas, 1);
      return Math.min(stable, Math.max(most, replicas), maxReplicas);
    }
    if (stable < replicas) {
      const least = this.#furthest(scaleDown, now, replicas, -1);
      return Math.max(stable, Math.min(least, replicas), minReplicas);
    }
    return Math.min(Math.max(replicas, minReplicas), maxReplicas);
  }

  /** How many replicas there may be, by the policies of one direction. */
  #furthest({ policies, selectPolicy }, now, replicas, direction) {
    if (selectPolicy === 'Disabled') return replicas;
    const proposals = policies.map(({ type, value, periodSeconds }) => {
      const since = this.#events.filter(({ at }) => at > now - periodSeconds);
      const begin =
        replicas - since.reduce((sum, { change }) => sum + change, 0);
      if (type === 'Pods') return begin + direction * value;
      const share = begin * (1 + (direction * value) / 100);
      return direction > 0 ? Math.ceil(share) : Math.floor(share);
    });
    const isUp = direction > 0;
    return isUp === (selectPolicy === 'Max')
      ? Math.max(...proposals)
      : Math.min(...proposals);
  }
}
