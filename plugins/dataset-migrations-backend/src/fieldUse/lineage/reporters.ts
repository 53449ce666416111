/** What one service may say: which jobs' runs, of which consumers. */
export interface ReporterRule {
  /** Of the service, as its token says. */
  subject: string;
  /** Entity refs in lower case; `component:default/*` for all of a namespace. */
  consumers: string[];
  /** Namespaces of jobs, as events name them. */
  namespaces: string[];
}

/**
 * Whether a service may report for a consumer. What it reports decides whether
 * a migration waits, so a token of one scheduler does not speak for all teams.
 *
 * @param report.namespace - of the job; of any that it may name when absent
 */
export function mayReport(
  rules: readonly ReporterRule[],
  report: { subject: string; consumerRef: string; namespace?: string },
): boolean {
  const { subject, consumerRef, namespace } = report;
  return rules.some(
    rule =>
      rule.subject === subject &&
      rule.consumers.some(pattern => matches(pattern, consumerRef)) &&
      (namespace === undefined || rule.namespaces.includes(namespace)),
  );
}

function matches(pattern: string, consumerRef: string): boolean {
  return pattern.endsWith('/*')
    ? consumerRef.startsWith(pattern.slice(0, -1))
    : consumerRef === pattern;
}
