import {
  Mapping,
  PreflightFinding,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { exprFields } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Engine } from '@skein/backstage-plugin-dataset-migrations-node';
import { LocatedPart, qualify, said } from './locatedParts';
import { MASK, maskedFields } from './maskPreview';

/**
 * Scans the data of all objects for rows that would not pass. Samples of fields
 * that are classified, or made from such, are masked (G11).
 */
export async function scanParts(
  engine: Engine,
  parts: LocatedPart[],
  options: { samples: number; signal: AbortSignal },
): Promise<{ rowsScanned: number; findings: PreflightFinding[] }> {
  let rowsScanned = 0;
  const findings: PreflightFinding[] = [];
  for (const part of parts) {
    const { location, mapping, targetContract } = part;
    const result = await engine.preflight({
      location,
      mapping,
      targetContract,
      ...options,
    });
    rowsScanned += result.rowsScanned;
    findings.push(
      ...result.findings.map(finding => named(masked(finding, part), part)),
    );
  }
  return { rowsScanned, findings };
}

function masked(
  finding: PreflightFinding,
  { mapping, sourceContract, targetContract }: LocatedPart,
): PreflightFinding {
  const { field, samples } = finding;
  const hidden = maskedFields(mapping, {
    from: sourceContract,
    to: targetContract,
  });
  const all = [...hidden.before, ...hidden.after];
  const names = field === undefined ? [] : namesBehind(field, mapping);
  // A key of several fields, or one that only a step knows.
  const isHidden =
    names.length === 0
      ? all.length > 0
      : names.some(name => all.includes(name));
  return samples && isHidden
    ? { ...finding, samples: samples.map(() => MASK) }
    : finding;
}

/**
 * The fields whose values a finding about a field may show; none where the name
 * is that of no field of either version.
 */
function namesBehind(field: string, mapping: Mapping): string[] {
  const { source, target, setAside = [] } = mapping;
  const cast = setAside.filter(reason => reason.field === field);
  return [
    ...[...source, ...target]
      .map(({ name }) => name)
      .filter(name => name === field),
    ...cast.flatMap(({ value }) => exprFields(value)),
  ];
}

function named(finding: PreflightFinding, part: LocatedPart): PreflightFinding {
  return {
    ...finding,
    ...(finding.field !== undefined && { field: qualify(part, finding.field) }),
    message: said(part, finding.message),
  };
}
