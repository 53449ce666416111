import { Document, isMap, isSeq } from 'yaml';
import { DerivedStep } from './DerivedStep';
import { ProposalError } from './ProposalError';
import { MigrationDocument } from './types';

/** The error that offers derived steps as a document to check and commit. */
export function proposalError(
  from: string,
  to: string,
  steps: DerivedStep[],
): ProposalError {
  const proposal: MigrationDocument = {
    kind: 'DatasetMigration',
    from,
    to,
    steps: steps.map(({ question, ...step }) => step),
  };
  const questions = steps.flatMap(step => step.question ?? []);
  return new ProposalError(
    `The steps from ${from} to ${to} do not follow from the contracts alone: ${questions.join(
      ' ',
    )} Write a migration document; a proposal is attached.`,
    proposal,
    asYaml(proposal, steps),
  );
}

function asYaml(proposal: MigrationDocument, steps: DerivedStep[]): string {
  const document = new Document(proposal);
  const list = document.get('steps');
  if (isSeq(list)) {
    list.items.forEach((item, index) => {
      const { question } = steps[index];
      if (question && isMap(item)) {
        item.commentBefore = ` ${question}`;
      }
    });
  }
  return document.toString({ lineWidth: 0 });
}
