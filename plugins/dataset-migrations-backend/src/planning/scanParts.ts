import { PreflightFinding } from '@skein/backstage-plugin-dataset-migrations-common';
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
  const isHidden =
    field === undefined
      ? hidden.before.length + hidden.after.length > 0
      : hidden.before.includes(field) || hidden.after.includes(field);
  return samples && isHidden
    ? { ...finding, samples: samples.map(() => MASK) }
    : finding;
}

function named(finding: PreflightFinding, part: LocatedPart): PreflightFinding {
  return {
    ...finding,
    ...(finding.field !== undefined && { field: qualify(part, finding.field) }),
    message: said(part, finding.message),
  };
}
